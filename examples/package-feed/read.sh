#!/usr/bin/env bash
# Reads all sections with nothing but curl: the session over HTTP, the messages over server-sent events.
#
# Usage: read.sh URL GROUPS READY    (URL: http://host:port; READY: gets the process id of the first stream's curl)
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
: >"$work/seen"
last=""
reconnects=0

# Starts the stream behind the last whole event that was seen; its lines come out of the pipe.
open_stream() {
  rm -f "$work/lines"
  mkfifo "$work/lines"
  curl -sS -N --no-buffer -H "$auth" -H 'accept: text/event-stream' ${last:+-H "last-event-id: $last"} \
    "$url/v1/sessions/$session/stream" >"$work/lines" &
  stream=$!
}

# Reads until the message that ends it all, or until the stream breaks: an `id` line per event, `position group package`
# per message, an empty line behind each whole event.
read_stream() {
  sed -nE \
    -e 's/^id: ?(.*)/id \1/p' -e '/^\r?$/p' \
    -e '/^data: ?.*"groups":\["debian\/_end"\]/{s/.*"total":([0-9]+).*/end \1/p;q}' \
    -e 's/^data: ?.*"at":"([^"]*)".*"groups":\["([^"]*)"\].*"package":"([^"]*)".*/\1 \2 \3/p' <"$work/lines" >"$work/part"
  kill "$stream" 2>/dev/null || true
  # What a broken stream left half is sent again.
  awk -v seen="$work/seen" '
    /^id / { id = substr($0, 4); next }
    /^end / { print >>seen; exit }
    /^\r?$/ { if (line != "") print line >>seen; line = ""; last = id; next }
    { line = $0 }
    END { print last }' last="$last" "$work/part" >"$work/last"
  last=$(sed -n '$p' "$work/last")
}

open_stream
while read -r group; do
  curl -sS --fail-with-body -o "$work/answer" -H "$auth" -H "$json" -d "{\"group\":\"$group\"}" "$url/v1/sessions/$session/join" \
    || { cat "$work/answer" >&2; exit 1; }
done <"$groups"
echo "$stream" >"$ready.new"
mv "$ready.new" "$ready"
read_stream
until grep -q '^end ' "$work/seen"; do
  reconnects=$((reconnects + 1))
  [ "$reconnects" -le 20 ] || { echo "the stream broke too often" >&2; exit 1; }
  open_stream
  read_stream
done

grep -v '^end ' "$work/seen" >"$work/messages"
digest=$(sha256sum <"$work/messages" | cut -d' ' -f1)
sections=$(cut -d' ' -f2 "$work/messages" | cut -d/ -f2 | LC_ALL=C sort | uniq -c |
  awk '{ printf "%s\"%s\": %d", (NR > 1 ? ", " : ""), $2, $1 }')
printf '{"total": %d, "sections": {%s}, "digest": "%s", "announced": %d, "reconnects": %d}\n' \
  "$(wc -l <"$work/messages")" "$sections" "$digest" "$(sed -n 's/^end //p' "$work/seen")" "$reconnects"
curl -sS -o /dev/null -X DELETE -H "$auth" "$url/v1/sessions/$session"
