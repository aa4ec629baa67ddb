#!/usr/bin/env bash
# compose-env.sh > .env: the secrets that compose.yaml asks for, made anew. Keep the file: a new database password does
# not fit data that exist already.
set -euo pipefail
[ ! -t 1 ] || { echo "usage: bash scripts/compose-env.sh > .env" >&2; exit 2; }
# The file is ours alone before the first secret is in it.
chmod 600 /proc/self/fd/1 2>/dev/null || true
for name in CTI_REDIS_PASSWORD CTI_PG_PASSWORD CTI_ARI_PASSWORD CTI_AMI_PASSWORD; do
  echo "$name=$(openssl rand -hex 24)"
done
echo "CTI_JWT_SECRET=$(openssl rand -hex 48)"
echo "CTI_RECORDING_KEY=k1:$(openssl rand -base64 32)"
# Without these two nobody reads or finds a phone number again: keep them with the backup, apart from the data.
echo "CTI_DATA_KEY=$(openssl rand -hex 32)"
echo "CTI_INDEX_KEY=$(openssl rand -hex 32)"
echo "CTI_DEMO_SIP_PASSWORD=$(openssl rand -hex 8)"
echo "CTI_INITIAL_PASSWORD=$(openssl rand -hex 6)"
