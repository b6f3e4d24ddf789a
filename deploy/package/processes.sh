# The processes of the service: a store, and edges, which open links beside it. Of ./moongate.

# The certificates that browsers trust, where nobody names others.
[ -n "${SSL_CERT_FILE:-}" ] || [ ! -e "$here/certificates.pem" ] || export SSL_CERT_FILE="$here/certificates.pem"
export TZ=UTC

# Becomes one of dist/tools, for the process named in $2. What it has to say is its output; what the runtime says besides is in
# a log of the run folder.
become_tool() {
  name=$1
  log=$run_folder/$1-$2.log
  shift 2
  become workerd test --import-path=/ "$@" "$here/dist/tools/$name.capnp" 2>"$log" 9>&-
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
    tool prepare "${1%% *}" -dpackage="$here" -ddata="$DATA_DIR" -drun="$run_folder") || {
    [ -n "$said" ] || cat "$run_folder/prepare-${1%% *}.log" >&2
    fail "${said:-the configuration could not be written; why is said above}"
  }
  while read -r folder; do mkdir -p "$DATA_DIR/$folder"; done <"$run_folder/folders"
  case ${ADMIN_KEY:-} in
    *[![:space:]]*) ;;
    *) export ADMIN_KEY="$(cat "$DATA_DIR/admin-key" 2>/dev/null)" ;;
  esac
  case ${CONNECTIONS_KEY:-} in
    *[![:space:]]*) ;;
    *) export CONNECTIONS_KEY="$(cat "$DATA_DIR/connections-key" 2>/dev/null)" ;;
  esac
  # What an earlier version left open to others: one folder above is enough, where it is the service's alone.
  others=$(ls "$DATA_DIR" | grep -vxF -e lost+found -f "$here/dist/own-names" | head -n 1)
  if [ -z "$others" ]; then
    chmod go-rwx "$DATA_DIR" 2>/dev/null || :
  else
    (cd "$DATA_DIR" && chmod go-rwx do outbox to-origin run lock lock-holder 2>/dev/null)
    echo "moongate: $DATA_DIR holds more than this service's data ($others); what is its own in it is closed to other users. Give it a folder of its own." >&2
  fi
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
    # Of the first edge of an origin elsewhere, for all of them.
    [ "$number" != 1 ] || files="$files COPIES"
    # It has no use for these; that there is one, its pages differ by.
    unset ADMIN_KEY CONNECTIONS_KEY CONNECTIONS_KEY_OLD EDGE_SECRETS
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
  [ "$command" != start ] || away
  become workerd serve --import-path=/ $options "$run_folder/$process.capnp"
}

# Whether what begins here are edges of an origin elsewhere, without a store.
is_elsewhere() { case ${EDGE_ORIGIN:-} in *[![:space:]]*) ;; *) return 1 ;; esac; }

# One process by itself, as systemd begins it. $2 are the sockets that it opens before.
one() {
  open_data
  [ -n "${RUNTIME_DIRECTORY:-}" ] || fail "RUNTIME_DIRECTORY is not set: the folder where store and edges meet"
  open_run
  handed=
  [ "${LISTEN_PID:-}" = $$ ] && [ -n "${LISTEN_FDS:-}" ] && handed=$2
  # Of edges without a store the first has the folder.
  first=store
  is_elsewhere && first=edge-1
  if [ "$1" = "$first" ]; then lock; fi
  prepare "$1" "${handed:+1}"
  [ "$(cat "$run_folder/edges")" != 0 ] || fail "EDGES is 0; expected one edge at least, where each process is begun by itself"
  [ "$1" != "$first" ] || watch_disk $$ &
  begin "$1" $handed
}

door_of() { [ "$1" = store ] && echo operator || echo "door-${1#edge-}"; }

# Has process $1 deliver what it counted. The signal to end comes to $2 while it does: workerd takes no new connections then,
# and ends once what is under way is answered, which is when all is delivered.
drain() {
  [ -n "${run_folder:-}" ] || run_folder=${RUNTIME_DIRECTORY:-}
  [ -r "$run_folder/$1.secret" ] || fail "no process $1 is known in RUNTIME_DIRECTORY ${run_folder:-, which is not set}"
  export OPERATOR_SECRET="$(cat "$run_folder/$1.secret")"
  {
    tool drain "$1" -e "door=unix:$run_folder/$(door_of "$1")"
    echo ended
  } | {
    is_told= is_wrong=0
    while read -r line; do
      case $line in
        begun | ended)
          [ -n "$is_told" ] || kill -TERM "$2" 2>/dev/null
          is_told=1
          ;;
        *)
          echo "$line" >&2
          is_wrong=1
          ;;
      esac
    done
    [ "$is_wrong" = 0 ]
  }
  is_wrong=$?
  # What is under way has a second. Connections that the store keeps to an edge would keep that for ever; systemd takes INT for a
  # good end.
  for signal in 0 0 0 0 0 0 0 0 0 0 INT KILL; do
    kill "-$signal" "$2" 2>/dev/null || break
    sleep 0.1
  done
  return "$is_wrong"
}

# Begins a process again whenever it ends by itself; one that ends before it listened once has `failed`.
keep() {
  trap : TERM INT HUP
  # $$ is who began all of them.
  until [ -e "$run_folder/ending" ] || ! kill -0 $$ 2>/dev/null; do
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
  is_wrong=0
  for drained in $waited; do wait "$drained" || is_wrong=1; done
  [ -z "$store" ] || (drain store "$(cat "$run_folder/store.pid")") || is_wrong=1
  # One that could not be asked.
  kill $(cat "$run_folder"/*.pid) 2>/dev/null
  exit "$is_wrong"
}

# As scripts/start/disk.ts: who runs this should hear of a full disk before it is one. Ends with process $1.
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
  store=store edges=edge-1
  if is_elsewhere; then store=; elif [ "${EDGES:-1}" = 0 ]; then edges=; fi
  processes="$store${store:+${edges:+ }}$edges"
  # Of starts that were killed; a copy that is made meanwhile has a younger one.
  find "$DATA_DIR/run" -mindepth 1 -maxdepth 1 ! -path "$run_folder" -mtime +0 -exec rm -rf {} + 2>/dev/null
  rm -f "$run_folder/ending" "$run_folder/failed" "$run_folder/ready" "$run_folder"/*.pid
  prepare "$processes" ""
  trap stop TERM INT HUP
  keepers=
  for process in $processes; do
    keep "$process" &
    keepers="$keepers $!"
  done
  for process in $processes; do
    become_tool listens "$process" -e "door=unix:$run_folder/$(door_of "$process")" >/dev/null &
    asking=$!
    while kill -0 "$asking" 2>/dev/null; do
      [ ! -e "$run_folder/failed" ] || give_up "$asking"
      sleep 0.05
    done
    wait "$asking" || give_up "$asking"
  done
  : >"$run_folder/ready"
  end_without $$ &
  watcher=$!
  trap 'kill "$watcher"; rm -rf "$run_folder"' EXIT
  cat "$run_folder/hello"
  # A signal ends a wait.
  while kill -0 "$holder" 2>/dev/null; do wait "$holder"; done
  echo "moongate: the lock of $DATA_DIR is gone" >&2
  stop
}
