#!/bin/sh
# Runs workerd so that it dies with its parent, however that ends.
here=$(dirname "$(readlink -f "$0")")
real=$(cd "$here/.." && node -p 'require("workerd").default')
exec setpriv --pdeathsig KILL -- "$real" "$@"
