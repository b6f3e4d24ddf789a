#!/bin/sh
# Runs workerd as scripts/workerd-tied.sh does, with its inspector on a port of this machine.
here=$(dirname "$(readlink -f "$0")")
real=$(cd "$here/../../.." && node -p 'require("workerd").default')
command=$1
shift
exec setpriv --pdeathsig KILL -- "$real" "$command" "--inspector-addr=127.0.0.1:$INSPECTOR_PORT" "$@"
