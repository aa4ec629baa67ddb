#!/bin/bash
# Entry point of the image: renders the configuration from the environment and becomes Asterisk.
set -euo pipefail
conf=$(sh /opt/cti120/asterisk/render.sh /var/lib/cti120 | tail -n 1)
# Left by a container that was killed; Asterisk would take the old control socket for a running twin.
rm -f /var/lib/cti120/var/run/asterisk.*
# The secrets are in the rendered files now; they need not stand in the process's environment too.
exec env -i PATH="$PATH" HOME=/var/lib/cti120 LANG=C.UTF-8 asterisk -C "$conf" -f
