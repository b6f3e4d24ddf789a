# The processes of the service: a store, and edges, which open links beside it. Of ./moongate.

# The certificates that browsers trust, where nobody names others.
[ -n "${SSL_CERT_FILE:-}" ] || [ ! -e "$here/certificates.pem" ] || export SSL_CERT_FILE="$here/certificates.pem"
export TZ=UTC

# Becomes one of dist/tools. What it has to say is its output; what the runtime says besides is in a log of the
# run folder.
become_tool() {
  name=$1
  shift
  become workerd test --import-path=/ "$@" "$here/dist/tools/$name.capnp" 2>"$run_folder/$name-$$.log" 9>&-
}
tool() { (become_tool "$@"); }

# `10.0.0.5/32 …`: what listens there may be closed to the outside by a firewall.
own_addresses() {
  { ip -o addr || "$here/bin/busybox" ip -o addr; } 2>/dev/null |
    awk '$3 ~ /^inet6?$/ { sub("/.*", "", $4); print $4 ($3 == "inet" ? "/32" : "/128") }'
}

# Reads the settings and writes what the processes named in $1 need, into run_folder. $2 is 1 where systemd opened the port.
prepare() {
  said=$(MOONGATE_HERE=$here MOONGATE_RUN=$run_folder MOONGATE_PROCESSES=$1 MOONGATE_HANDED_OVER=$2 \
    MOONGATE_ADDRESSES=$(own_addresses) \
    tool prepare -dpackage="$here" -ddata="$DATA_DIR" -drun="$run_folder") || {
    [ -n "$said" ] || cat "$run_folder/prepare-$$.log" >&2
    fail "${said:-the configuration could not be written; why is said above}"
  }
  rm "$run_folder/prepare-$$.log"
  while read -r folder; do mkdir -p "$DATA_DIR/$folder"; done <"$run_folder/folders"
  case ${ADMIN_KEY:-} in
    *[![:space:]]*) ;;
    *) export ADMIN_KEY="$(cat "$DATA_DIR/admin-key" 2>/dev/null)" ;;
  esac
  # What an earlier version left open to others: one folder above is enough.
  chmod go-rwx "$DATA_DIR" 2>/dev/null || :
}

# Becomes the workerd of a process. Its sockets are $2…, from descriptor 3 on, where systemd has opened them.
begin() {
  process=$1
  shift
  number=${process#edge-}
  if [ "$process" = store ]; then
    files="operator $(cat "$run_folder/joints")"
  else
    files="door-$number edge-$number"
    # It has no use for these; that there is one, its pages differ by.
    unset ADMIN_KEY
    [ -z "${WECHAT_APP_SECRET:-}" ] || WECHAT_APP_SECRET=kept-by-the-store
  fi
  options=
  descriptor=3
  for socket in "$@"; do
    options="$options --socket-fd=$socket=$descriptor"
    descriptor=$((descriptor + 1))
  done
  # What one that was killed leaves behind.
  for file in $files; do
    case " $* " in *" $file "*) ;; *) rm -f "$run_folder/$file" ;; esac
  done
  OPERATOR_SECRET=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
  export OPERATOR_SECRET
  printf %s "$OPERATOR_SECRET" >"$run_folder/$process.secret"
  # Away from a terminal's Ctrl+C, which would end it before it has delivered.
  [ "$command" = start ] && command -v setsid >/dev/null && session=setsid
  become workerd serve --import-path=/ $options "$run_folder/$process.capnp"
}

# One process by itself, as systemd begins it. $2 are the sockets that it opens before.
one() {
  open_data
  [ -n "${RUNTIME_DIRECTORY:-}" ] || fail "RUNTIME_DIRECTORY is not set: the folder where store and edges meet"
  open_run
  handed=
  [ "${LISTEN_PID:-}" = $$ ] && [ -n "${LISTEN_FDS:-}" ] && handed=$2
  if [ "$1" = store ]; then lock; fi
  prepare "$1" "${handed:+1}"
  [ "$1" != store ] || watch_disk $$ &
  begin "$1" $handed
}

door_of() { [ "$1" = store ] && echo operator || echo "door-${1#edge-}"; }

# Has process $1 deliver what it counted. The signal to end comes to $2 while it does: workerd takes no new connections then,
# and ends once what is under way is answered, which is when all is delivered.
drain() {
  [ -n "${run_folder:-}" ] || open_run
  export OPERATOR_SECRET="$(cat "$run_folder/$1.secret")"
  {
    tool drain -e "door=unix:$run_folder/$(door_of "$1")"
    echo ended
  } | {
    is_told=
    while read -r line; do
      case $line in
        begun | ended)
          [ -n "$is_told" ] || kill -TERM "$2" 2>/dev/null
          is_told=1
          ;;
        *) echo "$line" >&2 ;;
      esac
    done
  }
  # What is under way has a second. Connections that the store keeps to an edge would keep that for ever; systemd takes INT for a
  # good end.
  for signal in 0 0 0 0 0 0 0 0 0 0 INT KILL; do
    kill "-$signal" "$2" 2>/dev/null || return 0
    sleep 0.1
  done
}

# Begins a process again whenever it ends by itself; one that ends before it listened once has `failed`.
keep() {
  trap : TERM INT HUP
  until [ -e "$run_folder/ending" ]; do
    (begin "$1") &
    child=$!
    echo "$child" >"$run_folder/$1.pid"
    code=
    while kill -0 "$child" 2>/dev/null; do wait "$child" 2>/dev/null; code=$?; done
    [ -e "$run_folder/ending" ] && return
    [ -e "$run_folder/ready" ] || { : >"$run_folder/failed"; return; }
    echo "{\"event\":\"workerd_ended\",\"process\":\"$1\",\"code\":${code:-null}}" >&2
    sleep 0.5
  done
}

stop() {
  trap '' TERM INT HUP
  echo "told to end: taking no new opens, delivering what is counted"
  : >"$run_folder/ending"
  waited=
  for process in $edges; do
    drain "$process" "$(cat "$run_folder/$process.pid")" &
    waited="$waited $!"
  done
  wait $waited
  drain store "$(cat "$run_folder/store.pid")"
  exit 0
}

# As src/edge has its events: who runs this should hear of a full disk before it is one. Ends with process $1.
watch_disk() {
  # It ends a little later, and is no reason to hold the lock.
  exec 9>&-
  was_low=
  while kill -0 "$1" 2>/dev/null; do
    free=$(df -Pk "$DATA_DIR" 2>/dev/null | awk 'NR == 2 { print $4 }')
    is_low=
    [ "${free:-262144}" -ge 262144 ] || is_low=1
    if [ "$is_low" != "$was_low" ]; then
      [ -n "$is_low" ] && event=disk_nearly_full || event=disk_has_room
      echo "{\"event\":\"$event\",\"free\":$((free * 1024))}"
    fi
    was_low=$is_low
    sleep 3
  done
}

# Were the one that began all killed, nobody would hear of a signal, and nobody could begin: they are ended in its place.
end_without() {
  watch_disk "$1"
  [ ! -d "$run_folder" ] || [ -e "$run_folder/ending" ] || {
    trap 'rm -rf "$run_folder"' EXIT
    stop
  }
}

# $1 asks one that will not answer.
give_up() {
  : >"$run_folder/ending"
  kill "$1" 2>/dev/null
  for keeper in $keepers; do
    while kill -0 "$keeper" 2>/dev/null; do
      kill -KILL $(cat "$run_folder"/*.pid) 2>/dev/null
      sleep 0.05
    done
  done
  fail "workerd did not start; its own words are above."
}

# All of them. Without systemd nobody keeps the port open while an edge begins again, and only one can have it.
start() {
  open_data
  open_run
  lock
  case ${EDGES:-1} in 0) edges= ;; *) edges=edge-1 ;; esac
  prepare "store${edges:+ $edges}" ""
  keepers=
  for process in store $edges; do
    keep "$process" &
    keepers="$keepers $!"
  done
  trap stop TERM INT HUP
  # Who reads what is said may be gone when it ends.
  trap '' PIPE
  for process in store $edges; do
    become_tool listens -e "door=unix:$run_folder/$(door_of "$process")" >/dev/null &
    asking=$!
    while kill -0 "$asking" 2>/dev/null; do
      [ ! -e "$run_folder/failed" ] || give_up "$asking"
      sleep 0.05
    done
  done
  : >"$run_folder/ready"
  end_without $$ &
  watcher=$!
  trap 'kill "$watcher"; rm -rf "$run_folder"' EXIT
  cat "$run_folder/hello"
  # A signal ends a wait.
  while :; do wait; sleep 1; done
}
