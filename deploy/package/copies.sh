# Copies of the data folder, in the form of `npm run backup` and `npm run restore` (scripts/start/manifest.ts), which can read each
# other's. Of ./moongate.

# As the whole way: $1 may not be there yet.
whole() {
  case $1 in
    /*) echo "$1" ;;
    *) echo "$PWD/$1" ;;
  esac
}

digest_of() { sha256sum <"$1" | cut -c 1-64; }
bytes_of() { wc -c <"$1" | tr -d ' '; }
instant() { date -u +%Y-%m-%dT%H:%M:%S.000Z; }

# Copies a database of DATA_DIR as it is at one instant: the transaction keeps it so while its pages are read.
copy_database() {
  mkdir -p "$(dirname "$1")"
  sqlite -readonly -cmd '.timeout 10000' "$DATA_DIR/$1" \
    'BEGIN' 'SELECT count(*) FROM sqlite_schema' ".backup '$1'" >/dev/null || fail "$1 could not be copied"
  [ "$(sqlite "$1" 'PRAGMA quick_check')" = ok ] || fail "the copy of $1 is broken"
}

# In which order, and why: scripts/start/copy-order.ts.
rank_of() {
  while read -r rank begins; do
    case $1 in "$begins"*)
      echo "$rank"
      return
      ;;
    esac
  done <"$here/dist/copy-order"
}

backup() {
  to=$(whole "$1")
  [ -d "${DATA_DIR:-.data}" ] || fail "there is no data folder ${DATA_DIR:-.data}"
  open_data
  open_run
  [ ! -e "$DATA_DIR/kv" ] || fail "$DATA_DIR has KV as an earlier release kept it: \`npm run backup\` copies it"
  [ ! -e "$to" ] || [ -z "$(ls -A "$to" 2>&1)" ] || fail "$to is there already; name a new folder"
  mkdir -p "$to" && cd "$to" && to=$(pwd -P) || fail "$to can't be made"
  case $to/ in "$DATA_DIR"/*) fail "$to is in the data folder itself" ;; esac
  (cd "$DATA_DIR" && find do outbox -type f -name '*.sqlite' 2>/dev/null) | while read -r file; do
    echo "$(rank_of "$file") $file"
  done | sort -n >"$run_folder/databases"
  [ -s "$run_folder/databases" ] || fail "there is nothing to copy in $DATA_DIR"
  while read -r _ file; do
    at=$(instant)
    copy_database "$file" </dev/null
    echo "INSERT INTO files VALUES('$file', $(bytes_of "$file"), '$(digest_of "$file")', '$at');"
  done <"$run_folder/databases" >"$run_folder/files" || exit 1
  # Last of all: a copy without a manifest was cut short.
  sync
  {
    echo 'CREATE TABLE files(path, bytes INTEGER, sha256, at);'
    cat "$run_folder/files"
    echo "SELECT json_object('format', 'moongate-copy', 'formatVersion', 1, 'version', '$(cat "$here/VERSION")',
       'madeAt', '$(instant)', 'files', json_group_array(json_object('path', path, 'bytes', bytes, 'sha256', sha256, 'at', at)))
     FROM (SELECT * FROM files ORDER BY path);"
  } | sqlite :memory: >manifest.json || fail "the manifest could not be written"
  sync
  echo "$to: $(wc -l <"$run_folder/databases" | tr -d ' ') databases, each whole and of one instant, and a manifest."
  echo "It holds what notifiers send with and what signs beacons: keep it as private as the data folder."
  echo "The admin key is not in it: keep it apart. Without one, a start on the copy makes another."
  echo "To go back: stop, and with DATA_DIR a new folder \`moongate restore $to\`."
}

# What a manifest lists, a line `bytes|sha256|path` each.
listed() {
  form=$(sqlite :memory: \
    "SELECT json_extract(m, '\$.format'), json_extract(m, '\$.formatVersion'), json_type(m, '\$.files') FROM (SELECT CAST(readfile('manifest.json') AS TEXT) m)" 2>&1)
  case $form in
    'moongate-copy|1|array') ;;
    'moongate-copy|1|'*) fail "$from/manifest.json lists no files" ;;
    'moongate-copy|'*) fail "$from/manifest.json has the version $(echo "$form" | cut -d '|' -f 2), and this release knows 1: restore it with the release that made it, or a later one" ;;
    *) fail "$from/manifest.json can't be read as one of \`moongate backup\`: $form" ;;
  esac
  sqlite :memory: "SELECT json_extract(value, '\$.bytes'), json_extract(value, '\$.sha256'), json_extract(value, '\$.path')
    FROM json_each(CAST(readfile('manifest.json') AS TEXT), '\$.files')"
}

# What of a copy is not as its manifest says, in words.
damage() {
  while IFS='|' read -r bytes sha256 path; do
    if [ ! -f "$path" ]; then
      echo "$path is missing"
    elif [ "$(bytes_of "$path")" != "$bytes" ]; then
      echo "$path has $(bytes_of "$path") bytes, not $bytes"
    elif [ "$(digest_of "$path")" != "$sha256" ]; then
      echo "$path is not what was copied"
    fi
  done <"$run_folder/listed"
  find . -type f | sed 's|^\./||' | while read -r path; do
    [ "$path" = manifest.json ] || grep -qFx "$path" "$run_folder/paths" || echo "$path is not listed"
  done
}

restore() {
  from=$(whole "$1")
  [ -d "$from" ] || fail "there is no copy $from"
  [ -f "$from/manifest.json" ] || fail "$from has no manifest.json: it is no copy of \`moongate backup\`, or one that was cut short"
  open_data
  open_run
  cd "$from" || fail "$from can't be entered"
  listed >"$run_folder/listed" || exit 1
  cut -d '|' -f 3- "$run_folder/listed" >"$run_folder/paths"
  strange=$(
    grep -vE '^(do|kv|outbox)/' "$run_folder/paths"
    grep -E '(^|/)\.\.(/|$)' "$run_folder/paths"
  )
  [ -z "$strange" ] || fail "the manifest of $from lists what is no part of a data folder: $strange"
  wrong=$(damage)
  [ -z "$wrong" ] || fail "the copy $from is damaged, and nothing was restored: $wrong"

  lock
  [ ! -e "$DATA_DIR/restoring" ] || rm -rf "$DATA_DIR/do" "$DATA_DIR/kv" "$DATA_DIR/outbox"
  there=$(ls -A "$DATA_DIR" | grep -vxE 'admin-key|connections-key|lock|lock-holder|run|restoring|lost\+found' | head -n 1)
  [ -z "$there" ] || fail "DATA_DIR $DATA_DIR has $there in it: name a new folder with DATA_DIR=…, or move what is there away"
  echo "of $from" >"$DATA_DIR/restoring"
  sync
  while IFS='|' read -r bytes sha256 path; do
    mkdir -p "$DATA_DIR/$(dirname "$path")" && cp "$path" "$DATA_DIR/$path" || fail "$path could not be written"
    [ "$(digest_of "$DATA_DIR/$path")" = "$sha256" ] ||
      fail "$DATA_DIR/$path is not what was copied: is the disk in order?"
  done <"$run_folder/listed"
  sync
  rm "$DATA_DIR/restoring"
  sync
  echo "$DATA_DIR: $(wc -l <"$run_folder/listed" | tr -d ' ') files, each as it was copied."
  echo "What was counted and written after that is not in it."
  echo "Start with this DATA_DIR, and with the ADMIN_KEY and CONNECTIONS_KEY, or the files admin-key and connections-key, that you kept apart."
}
