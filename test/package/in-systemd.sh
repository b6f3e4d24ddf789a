#!/bin/bash
# The units of a package, in the systemd of under-systemd.sh. $1: the port; $2: another, for an origin of the edges. Says `ok …` or
# `not ok …` of each thing.
at=http://127.0.0.1:$1
origin=$at
key="Authorization: Bearer a-key-of-a-test-under-systemd"
agent='Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/19H332 AliApp(TB/10.23.20)'
stream='https://tbzb.taobao.com/live?liveId=532359023188'
secret=0123456789abcdef0123456789abcdef
store=moongate-store.service
edges="moongate-edge@1.service moongate-edge@2.service"

# $1: what; $2: what came; $3: what is expected.
holds() {
  if [ "$2" = "$3" ]; then echo "ok $1"; else echo "not ok $1: $2, expected $3"; fi
}
status() { curl -s -m 20 -o /dev/null -w '%{http_code}' -A "$agent" "$at/$1"; }
healthy() {
  for _ in $(seq 100); do
    [ "$(status healthz)" = 200 ] && break
    sleep 0.1
  done
  status healthz
}
views() {
  curl -s -m 20 -H "$key" "$origin/api/links/door/stats" |
    sed 's/.*"totals":{"views":\([0-9]*\),[^}]*"limited":\([0-9]*\).*/\1 \2/' |
    { read -r views limited; echo $((views + limited)); }
}
make_link() {
  made=$(curl -s -m 20 -o /dev/null -w '%{http_code}' -H "$key" -H 'Content-Type: application/json' "$origin/api/links" \
    -d "{\"url\":\"$stream\",\"slug\":\"door\"}")
  holds "a link is made" "$made" 201
  holds "a link is opened" "$(status door)" 302
}
# $…: what begins again, one after the other.
open_while_beginning_again() {
  rm -f /run/over /run/came-*
  clients=
  for client in 1 2 3 4; do
    while [ ! -e /run/over ]; do
      curl -sS -m 20 -o /dev/null -w '%{http_code}\n' -A "$agent" "$at/door"
    done >"/run/came-$client" &
    clients="$clients $!"
  done
  for unit in "$@"; do
    sleep 0.5
    systemctl restart "$unit"
  done
  sleep 2
  : >/run/over
  wait $clients
  opened=$(cat /run/came-* | grep -c 302)
  holds "every open is answered while each begins again" "$(cat /run/came-* | sort -u)" 302
  sleep 2
  holds "and counted, $opened of them" "$(views)" "$((opened + 1))"
}

systemctl start moongate.socket moongate-store.socket $store $edges
holds "it answers" "$(healthy)" 200
make_link
open_while_beginning_again $edges $store $edges

for unit in $store $edges; do
  systemctl kill -s KILL "$unit"
  sleep 2
  holds "$unit is begun again when it is killed" "$(systemctl is-active "$unit")" active
done
holds "it answers again" "$(healthy)" 200
inside=$(systemctl show -p MainPID --value moongate-edge@1.service)
holds "an edge is nobody that may write a file" "$(awk '/^NoNewPrivs|^Seccomp:/ { print $2 }' "/proc/$inside/status" | xargs)" "1 2"
systemctl stop moongate.socket moongate-store.socket $edges $store
holds "it ends" "$(systemctl is-active $store $edges | sort -u)" inactive

# The same units as edges of an origin elsewhere.
rm -rf /var/lib/moongate
origin=http://127.0.0.1:$2
env PORT="$2" DATA_DIR=/tmp/origin ADMIN_KEY="${key##* }" EDGE_SECRETS="one=$secret" /opt/moongate/moongate start >/run/origin.log 2>&1 &
begun=$!
printf 'EDGE_ORIGIN=%s\nEDGE_SECRET=one=%s\nEDGES=2\n' "$origin" "$secret" >/etc/moongate.env
cp /opt/moongate/deploy/elsewhere.conf '/etc/systemd/system/moongate-edge@.service.d/'
systemctl daemon-reload
systemctl start moongate.socket $edges
holds "edges elsewhere: they answer" "$(healthy)" 200
make_link
open_while_beginning_again $edges
holds "no store begins beside them" "$(systemctl is-active $store)" inactive
said=$(DATA_DIR=/var/lib/moongate /opt/moongate/moongate start 2>&1 | tail -n 1)
case $said in *"is in use by process"*) said=refused ;; esac
holds "nobody else begins on their folder" "$said" refused
kill "$begun"
wait "$begun"
holds "what an edge knows opens while its origin is away" "$(status door)" 302
systemctl stop moongate.socket $edges
holds "they end" "$(systemctl is-active $edges | sort -u)" inactive
cat /run/*.log >&2
