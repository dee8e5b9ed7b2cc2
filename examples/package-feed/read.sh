#!/usr/bin/env bash
# Reads all sections with nothing but curl: the session over HTTP, the messages over server-sent events.
#
# Usage: read.sh URL GROUPS READY    (URL: http://host:port)
# The digest is SHA-256 over the lines `<position> <group> <package>` in the order of arrival.
set -euo pipefail
url=$1 groups=$2 ready=$3
json='content-type: application/json'

field() { sed -nE "s/.*\"$1\":\"([^\"]*)\".*/\1/p"; }
connected=$(curl -sS --fail-with-body -H "$json" -d '{"name":"reader-curl"}' "$url/v1/sessions")
session=$(field session <<<"$connected") token=$(field token <<<"$connected")
[ -n "$session" ] || { echo "connect was refused: $connected" >&2; exit 1; }
auth="authorization: Bearer $token"

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
mkfifo "$work/lines"
curl -sS -N --no-buffer -H "$auth" -H 'accept: text/event-stream' "$url/v1/sessions/$session/stream" >"$work/lines" &
stream=$!
while read -r group; do
  curl -sS --fail-with-body -o "$work/answer" -H "$auth" -H "$json" -d "{\"group\":\"$group\"}" "$url/v1/sessions/$session/join" \
    || { cat "$work/answer" >&2; exit 1; }
done <"$groups"
: >"$ready"

# One line `position group package` per message, until the message that ends it.
sed -nuE \
  -e '/^data: ?.*"groups":\["debian\/_end"\]/{s/.*"total":([0-9]+).*/end \1/p;q}' \
  -e 's/^data: ?.*"at":"([^"]*)".*"groups":\["([^"]*)"\].*"package":"([^"]*)".*/\1 \2 \3/p' <"$work/lines" >"$work/seen"
kill "$stream" 2>/dev/null || true

grep -v '^end ' "$work/seen" >"$work/messages"
digest=$(sha256sum <"$work/messages" | cut -d' ' -f1)
sections=$(cut -d' ' -f2 "$work/messages" | cut -d/ -f2 | LC_ALL=C sort | uniq -c |
  awk '{ printf "%s\"%s\": %d", (NR > 1 ? ", " : ""), $2, $1 }')
printf '{"total": %d, "sections": {%s}, "digest": "%s", "announced": %d}\n' \
  "$(wc -l <"$work/messages")" "$sections" "$digest" "$(sed -n 's/^end //p' "$work/seen")"
curl -sS -o /dev/null -X DELETE -H "$auth" "$url/v1/sessions/$session"
