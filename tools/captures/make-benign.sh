#!/usr/bin/env bash
# usage: make-benign.sh OUT.pcap
# An ordinary day of a machine: names, pages, packages, an administrator's SSH session. Nothing to report. Needs root.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lab.sh"
out=$(realpath "$1")
lab_up

ssh-keygen -q -t ed25519 -N '' -f "$scratch/host_key"
ssh-keygen -q -t ed25519 -N '' -f "$scratch/admin_key"
mkdir -p /run/sshd
capture "$qr_web" "$out"
as_machine web-1 vdt-web /usr/sbin/sshd -D -e -p 22 -h "$scratch/host_key" -o AuthorizedKeysFile="$scratch/admin_key.pub" -o StrictModes=no -o UsePAM=no \
  -o PermitRootLogin=yes -o PidFile=none 2>"$scratch/sshd.log" &
in_ns vdt-ext "$node" "$here/web-site.ts" 203.0.113.80 80 &
in_ns vdt-web "$node" "$here/web-site.ts" 10.0.1.12 80 &
sleep 1
in_ns vdt-ext ssh -q -b 198.51.100.7 -i "$scratch/admin_key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@203.0.113.20 \
  'id; sleep 3; hostname; sleep 5; id' >/dev/null 2>&1 &
for name in www.example mirror.example jokes.example; do
  in_ns vdt-web dig +short "$name" >/dev/null
  for page in $(seq 6); do
    in_ns vdt-web curl -s -o /dev/null "http://$name/pool/main/p/package_$page.json"
    sleep 0.3
  done
done
for page in / /shop /shop?category=fashion\&page=2 '/search?q=how+to+select+from+a+menu' /about; do
  in_ns vdt-ext curl -s -o /dev/null "http://203.0.113.20$page"
  sleep 0.4
done
sleep 3
capture_stop
