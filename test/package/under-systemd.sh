#!/bin/bash
# $1: a package's folder; $2: a folder for what comes of it; $3, $4: ports. Begins a systemd of its own in namespaces of its own, over
# this machine's files, of which it changes none, and has it run in-systemd.sh. To be run by `unshare` as run.ts does.
set -eu
package=$1 out=$2 port=$3 another=$4
here=$(cd "$(dirname "$0")" && pwd)
mount --make-rprivate /
layers=$(mktemp -d)
mount -t tmpfs tmpfs "$layers"
mkdir "$layers"/{changed,work,root}
root=$layers/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$layers/changed,workdir=$layers/work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
for folder in run tmp; do mount -t tmpfs tmpfs "$root/$folder"; done
mkdir -p "$root/out" "$root/opt"
mount --bind "$out" "$root/out"
cp -a "$package" "$root/opt/moongate"
cp "$here/in-systemd.sh" "$root/opt/in-systemd.sh"

units=$root/etc/systemd/system
rm -rf "$units"/*.wants "$units/default.target"
cp "$root"/opt/moongate/deploy/systemd/* "$units"
sed -i "s/127.0.0.1:8787/127.0.0.1:$port/" "$units/moongate.socket"
for unit in moongate-store.service moongate-edge@.service; do
  mkdir "$units/$unit.d"
  printf '[Service]\nStandardOutput=append:/run/%%N.log\nStandardError=append:/run/%%N.log\n' >"$units/$unit.d/log.conf"
done
echo 'moongate:x:990:990::/var/lib/moongate:/usr/sbin/nologin' >>"$root/etc/passwd"
echo 'moongate:x:990:' >>"$root/etc/group"
printf 'ADMIN_KEY=a-key-of-a-test-under-systemd\nEDGES=2\n' >"$root/etc/moongate.env"
cat >"$units/tried.service" <<UNIT
[Unit]
After=basic.target
[Service]
Type=oneshot
TimeoutStartSec=200
ExecStart=/bin/bash /opt/in-systemd.sh $port $another
StandardOutput=file:/out/said
StandardError=file:/out/log
ExecStopPost=/bin/systemctl --force --force poweroff
UNIT
printf '[Unit]\nRequires=basic.target tried.service\n' >"$units/default.target"
export container=other
exec chroot "$root" /lib/systemd/systemd --system --log-target=null --show-status=no
