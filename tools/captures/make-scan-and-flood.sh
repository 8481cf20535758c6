#!/usr/bin/env bash
# usage: make-scan-and-flood.sh OUT_DIRECTORY
# Seed 0's story with real programs: a tenant's machine scans its neighbours and an outside host and floods it, while an
# honest web server on the other network is busy. Both router interfaces are captured at the same time. Needs root.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lab.sh"
out=$(realpath "$1")
lab_up

capture "$qr_web" "$out/router-10.0.1.pcap"
capture "$qr_bad" "$out/router-192.168.101.pcap"
in_ns vdt-web "$node" "$here/web-site.ts" 10.0.1.12 80 &
in_ns vdt-web "$node" "$here/web-site.ts" 10.0.1.12 8080 &
in_ns vdt-ext "$node" "$here/web-site.ts" 203.0.113.80 80 &
sleep 1

# The busy, honest server: many visitors, many SYN-ACKs.
for i in $(seq 150); do in_ns vdt-ext curl -s -o /dev/null "http://203.0.113.20/page-$i"; done &
in_ns vdt-bad curl -s -o /dev/null http://www.example/

# Who is there, what is open: ping sweep, SYN, connect, UDP and stealth scans.
in_ns vdt-bad nmap -n -sn -PE --max-retries 0 -T4 10.0.1.0/26 >/dev/null
in_ns vdt-bad nmap -n -Pn -sS --max-retries 1 -T4 10.0.1.12 >/dev/null
in_ns vdt-bad nmap -n -Pn -sT --top-ports 100 -T4 10.0.1.12 >/dev/null
in_ns vdt-bad nmap -n -Pn -sU --top-ports 30 --max-retries 0 -T4 10.0.1.12 >/dev/null
in_ns vdt-bad nmap -n -Pn -sF --top-ports 60 --max-retries 0 -T4 10.0.1.12 >/dev/null
in_ns vdt-bad nmap -n -Pn -sN --top-ports 60 --max-retries 0 -T4 10.0.1.12 >/dev/null
in_ns vdt-bad nmap -n -Pn -sX --top-ports 60 --max-retries 0 -T4 10.0.1.12 >/dev/null
# One port over the neighbourhood.
in_ns vdt-bad nmap -n -Pn -sS -p 23 --max-retries 0 -T4 10.0.1.0/25 >/dev/null
# A short, bounded flood of an outside host.
in_ns vdt-bad hping3 -q -n -S -p 80 -c 3000 -i u1500 203.0.113.80 >/dev/null 2>&1 || true
in_ns vdt-bad hping3 -q -n -S -p 80 -c 400 -i u2000 --rand-source 203.0.113.80 >/dev/null 2>&1 || true
capture_stop
gzip -9nf "$out/router-10.0.1.pcap"
zstd -qf --rm -19 "$out/router-192.168.101.pcap"
