#!/bin/sh
# Renders the Asterisk configuration of one instance.
#
#   asterisk/render.sh OUTDIR
#
# OUTDIR is where the files go, as this script sees it. CTI_AST_PREFIX is the same directory as
# Asterisk will see it (inside a chroot or container); default OUTDIR. Below it afterwards:
#   etc/    configuration, with passwords: readable by the owner only
#   share/  prompts, music, links to Asterisk's own documentation data
#   var/    lib, spool, run, log, cache: all that this instance writes; kept when rendered again
# The last line of output is the path of asterisk.conf for `asterisk -C`, as Asterisk sees it.
#
# Required: CTI_ARI_PASSWORD CTI_AMI_PASSWORD CTI_DEMO_SIP_PASSWORD. For all others see below.
set -eu
umask 077

here=$(cd "$(dirname "$0")" && pwd)

fail() { echo "render.sh: $*" >&2; exit 1; }

[ $# -eq 1 ] || fail "usage: render.sh OUTDIR"
mkdir -p "$1"
out=$(cd "$1" && pwd)

: "${CTI_AST_PREFIX:=$out}"
: "${CTI_NODE:=node1}"
: "${CTI_SIP_HOST:=127.0.0.1}" "${CTI_SIP_PORT:=5120}"
: "${CTI_MEDIA_ADDRESS=$CTI_SIP_HOST}"
: "${CTI_ARI_HOST:=127.0.0.1}" "${CTI_ARI_PORT:=8121}" "${CTI_ARI_USER:=cti}"
: "${CTI_AMI_HOST:=127.0.0.1}" "${CTI_AMI_PORT:=5121}" "${CTI_AMI_USER:=cti}"
: "${CTI_RTP_START:=21000}" "${CTI_RTP_END:=22999}"
: "${CTI_ENTRY:=broadcast}"                  # broadcast | stasis
: "${CTI_DEAD_MAN_SECONDS:=10}"               # how long a caller waits for a server that went silent
: "${CTI_CALLER_IDS=0311200120}"             # joined by colons; the first is the default
: "${CTI_TRUNK_HOST=}"                       # host:port of the outbound trunk; empty: none
: "${CTI_CITIZENS_MATCH:=127.0.0.1}"         # addresses citizens' calls come from, blank separated
: "${CTI_PHONES_DIRECT:=yes}"               # no: phones register through a SIP proxy (config/kamailio)
: "${CTI_DEMO_AGENTS=2001-2030}"             # endpoints that register with CTI_DEMO_SIP_PASSWORD
: "${CTI_FALLBACK_MEMBERS=$CTI_DEMO_AGENTS}" # who rings when the server is away
: "${CTI_PBX_NODES=}"                        # the centre's other nodes: "node2=10.0.0.2:5120 …"
: "${CTI_TEST_PHONES=}"                      # "3001-3200@127.0.0.1:5600 …": static contacts, tests only
: "${CTI_TEST_QUALIFY:=0}"                   # seconds between OPTIONS to those; 0: never
: "${CTI_AST_MODULES:=/usr/lib/$(uname -m)-linux-gnu/asterisk/modules}"
: "${CTI_AST_SHARE:=/usr/share/asterisk}"    # Asterisk's own data, as Asterisk sees it
: "${CTI_AST_USER=}"                         # user Asterisk changes to; empty: stays who started it
: "${CTI_AST_OWNER=}"                        # uid:gid that gets OUTDIR (the numbers of CTI_AST_USER)
: "${CTI_AST_LOG_LEVELS:=error}"             # of messages.log; anything more names callers
: "${CTI_AST_EXTRA_DIR=}"                    # own extensions.conf, queues.conf, pjsip.conf to include
: "${CTI_SOUNDS_DIR=${CTI_CACHE:-${HOME:-/root}/.cache/cti120}/sounds}" # from make-prompts.sh
: "${CTI_RECORDINGS_DIR=}"                   # the centre's own recordings: they win

CTI_TRUNK=
[ -z "$CTI_TRUNK_HOST" ] || CTI_TRUNK=trunk
[ "$CTI_MEDIA_ADDRESS" != 0.0.0.0 ] || CTI_MEDIA_ADDRESS=

names="CTI_AST_PREFIX CTI_NODE CTI_SIP_HOST CTI_SIP_PORT CTI_ARI_HOST CTI_ARI_PORT CTI_ARI_USER
  CTI_ARI_PASSWORD CTI_AMI_HOST CTI_AMI_PORT CTI_AMI_USER CTI_AMI_PASSWORD CTI_RTP_START CTI_RTP_END
  CTI_ENTRY CTI_CALLER_IDS CTI_TRUNK CTI_TRUNK_HOST CTI_DEMO_SIP_PASSWORD CTI_MEDIA_ADDRESS
  CTI_AST_MODULES CTI_AST_LOG_LEVELS CTI_AST_USER CTI_DEAD_MAN_SECONDS CTI_PHONES_DIRECT"

for name in CTI_ARI_PASSWORD CTI_AMI_PASSWORD CTI_DEMO_SIP_PASSWORD; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || fail "$name is not set"
done
# A value becomes a line of configuration: nothing that ends a line, opens a comment or a section.
for name in $names CTI_CITIZENS_MATCH CTI_DEMO_AGENTS CTI_FALLBACK_MEMBERS CTI_PBX_NODES CTI_TEST_PHONES CTI_TEST_QUALIFY; do
  eval "value=\$$name"
  case $value in
    *[!A-Za-z0-9._~+/:@,=\ -]*) fail "$name holds a character that is not allowed (letters, digits and ._~+/:@,=- are)" ;;
  esac
done
for name in CTI_SIP_PORT CTI_ARI_PORT CTI_AMI_PORT CTI_RTP_START CTI_RTP_END CTI_TEST_QUALIFY CTI_DEAD_MAN_SECONDS; do
  eval "value=\$$name"
  case $value in '' | *[!0-9]*) fail "$name must be a number, not '$value'" ;; esac
done
case $CTI_NODE in '' | *[!A-Za-z0-9_-]*) fail "CTI_NODE may hold letters, digits, _ and - only" ;; esac
case $CTI_ENTRY in broadcast | stasis) ;; *) fail "CTI_ENTRY must be broadcast or stasis, not '$CTI_ENTRY'" ;; esac

case $CTI_PHONES_DIRECT in yes | no) ;; *) fail "CTI_PHONES_DIRECT must be yes or no, not '$CTI_PHONES_DIRECT'" ;; esac

# "2001-2003 2010" -> one number a line
expand() {
  for part in $1; do
    case $part in
      *[!0-9-]* | -* | *- | *-*-*) fail "not a number or range: '$part'" ;;
      *-*) seq "${part%-*}" "${part#*-}" ;;
      *) echo "$part" ;;
    esac
  done
}

# Read before anything is written; a failure inside a pipe would go unseen.
agents=$(expand "$CTI_DEMO_AGENTS")
members=$(expand "$CTI_FALLBACK_MEMBERS")
for spec in $CTI_PBX_NODES; do
  case $spec in ?*=?*:?*) ;; *) fail "CTI_PBX_NODES: not NAME=HOST:PORT: '$spec'" ;; esac
  case ${spec%%=*} in *[!A-Za-z0-9_-]*) fail "CTI_PBX_NODES: a name may hold letters, digits, _ and - only: '$spec'" ;; esac
  [ "${spec%%=*}" != "$CTI_NODE" ] || fail "CTI_PBX_NODES names this node itself, $CTI_NODE"
done
for spec in $CTI_TEST_PHONES; do
  case $spec in ?*@?*:?*) ;; *) fail "CTI_TEST_PHONES: not RANGE@HOST:PORT: '$spec'" ;; esac
  expand "${spec%%@*}" > /dev/null
done

mkdir -p "$out/etc/dialplan" "$out/etc/extra" "$out/share/sounds/ko/cti" "$out/share/moh" \
  "$out/var/lib" "$out/var/spool/monitor/cti" "$out/var/run" "$out/var/log" "$out/var/cache"

# Members and matches are several lines each; sed reads them from files.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for number in $members; do echo "member => PJSIP/$number,0,$number"; done > "$work/members"
for address in $CTI_CITIZENS_MATCH; do echo "match = $address"; done > "$work/match"

id=$(printf %s "$CTI_NODE" | md5sum | sed 's/\(..\)\(..\)\(..\)\(..\)\(..\).*/02:\1:\2:\3:\4:\5/')
{
  for name in $names; do
    eval "value=\$$name"
    printf 's|@@%s@@|%s|g\n' "$name" "$value"
  done
  printf 's|@@CTI_AST_ENTITYID@@|%s|\n' "$id"
  printf 's|@@CTI_AST_RUNUSER_LINE@@|%s|\n' "${CTI_AST_USER:+runuser = $CTI_AST_USER}"
  printf 's|@@CTI_AST_RUNGROUP_LINE@@|%s|\n' "${CTI_AST_USER:+rungroup = $CTI_AST_USER}"
  printf 's|@@CTI_MEDIA_ADDRESS_LINE@@|%s|\n' "${CTI_MEDIA_ADDRESS:+media_address = $CTI_MEDIA_ADDRESS}"
  printf 's|@@CTI_MEDIA_BIND_LINE@@|%s|\n' "${CTI_MEDIA_ADDRESS:+bind_rtp_to_media_address = yes}"
  printf '/@@CTI_FALLBACK_MEMBERS@@/{r %s\nd\n}\n' "$work/members"
  printf '/@@CTI_CITIZENS_MATCH@@/{r %s\nd\n}\n' "$work/match"
} > "$work/values.sed"

for file in "$here"/etc/*.conf; do
  name=$(basename "$file")
  if [ "$name" = pjsip-trunk.conf ] && [ -z "$CTI_TRUNK_HOST" ]; then
    rm -f "$out/etc/$name"
  else
    sed -f "$work/values.sed" "$file" > "$out/etc/$name"
  fi
done
for file in "$here"/dialplan/*.conf; do
  sed -f "$work/values.sed" "$file" > "$out/etc/dialplan/$(basename "$file")"
done
if grep -rn '@@' "$out/etc" --include=*.conf >&2; then fail "a marker above was not filled in"; fi

{
  echo "; Generated by render.sh: agents' phones that register."
  for number in $agents; do
    printf '\n[%s](cti-agent)\nauth = %s\naors = %s\ncallerid = %s <%s>\n' "$number" "$number" "$number" "$number" "$number"
    printf '[%s](cti-agent-auth)\nusername = %s\npassword = %s\n' "$number" "$number" "$CTI_DEMO_SIP_PASSWORD"
    printf '[%s](cti-agent-aor)\n' "$number"
  done
} > "$out/etc/pjsip-demo.conf"

rm -f "$out/etc/pjsip-nodes.conf"
if [ -n "$CTI_PBX_NODES" ]; then
  {
    echo "; Generated by render.sh: the other PBX nodes of this centre."
    for spec in $CTI_PBX_NODES; do
      name=node-${spec%%=*} address=${spec#*=}
      printf '\n[%s](cti-node)\naors = %s\nfrom_user = node-%s\n' "$name" "$name" "$CTI_NODE"
      printf '[%s](cti-node-aor)\ncontact = sip:%s\n' "$name" "$address"
      printf '[%s]\ntype = identify\nendpoint = %s\nmatch = %s\n' "$name" "$name" "${address%:*}"
    done
  } > "$out/etc/pjsip-nodes.conf"
fi

rm -f "$out/etc/pjsip-test.conf"
if [ -n "$CTI_TEST_PHONES" ]; then
  # identify_by = ip without a match: these phones are only ever rung, nobody can call in as one.
  for spec in $CTI_TEST_PHONES; do
    for number in $(expand "${spec%%@*}"); do
      printf '\n[%s](cti-agent)\nidentify_by = ip\nrewrite_contact = no\naors = %s\n' "$number" "$number"
      printf '[%s]\ntype = aor\ncontact = sip:%s@%s\nqualify_frequency = %s\nqualify_timeout = 2.0\n' \
        "$number" "$number" "${spec#*@}" "$CTI_TEST_QUALIFY"
    done
  done > "$out/etc/pjsip-test.conf"
fi

rm -f "$out/etc/extra/"*.conf
[ -z "$CTI_AST_EXTRA_DIR" ] || cp "$CTI_AST_EXTRA_DIR"/*.conf "$out/etc/extra/"

# Prompts and music: generated ones first, the centre's own recordings over them.
for dir in "$CTI_SOUNDS_DIR" "$CTI_RECORDINGS_DIR"; do
  [ -n "$dir" ] && [ -d "$dir" ] || continue
  find "$dir" -maxdepth 1 -name '*.wav' -exec cp -f {} "$out/share/sounds/ko/cti/" \;
  [ ! -d "$dir/music" ] || find "$dir/music" -maxdepth 1 -name '*.wav' -exec cp -f {} "$out/share/moh/" \;
done
for part in documentation rest-api; do ln -sfn "$CTI_AST_SHARE/$part" "$out/share/$part"; done

[ -z "$CTI_AST_OWNER" ] || chown -R "$CTI_AST_OWNER" "$out"
echo "$CTI_AST_PREFIX/etc/asterisk.conf"
