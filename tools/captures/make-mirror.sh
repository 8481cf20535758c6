#!/usr/bin/env bash
# usage: make-mirror.sh OUT.pcap
# Two tenants with the same addresses, each mirrored by tc into a VXLAN tunnel of its own (VNI 11 and 12) towards one
# sensor. The machine of tenant 12 scans; the one of tenant 11, of the same address, browses. Needs root.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(realpath "$1")
node=$(command -v "${NODE:-node}")
readonly namespaces='vdt-sensor vdt-a1 vdt-a2 vdt-b1 vdt-b2'
down() {
  disown -a
  for ns in $namespaces; do
    ip netns pids "$ns" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
    ip netns del "$ns" 2>/dev/null || true
  done
}
trap down EXIT
trap 'exit 130' INT TERM
for ns in $namespaces; do
  ip netns add "$ns"
  ip -n "$ns" link set lo up
  ip netns exec "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
done

# tenant VNI FIRST SECOND SENSOR_ADDRESS OWN_ADDRESS: two machines on one link; the first one's interface is mirrored.
tenant() {
  local vni=$1 first=$2 second=$3
  ip link add eth0 netns "$first" type veth peer name eth0 netns "$second"
  ip -n "$first" link set eth0 address "fa:16:3e:00:$vni:05" mtu 1450 up
  ip -n "$second" link set eth0 address "fa:16:3e:00:$vni:09" mtu 1450 up
  ip -n "$first" address add 10.0.0.5/24 dev eth0
  ip -n "$second" address add 10.0.0.9/24 dev eth0
  ip netns exec "$first" ethtool -K eth0 tx off tso off gso off gro off >/dev/null 2>&1 || true
  ip netns exec "$second" ethtool -K eth0 tx off tso off gso off gro off >/dev/null 2>&1 || true
  ip link add mirror netns "$first" type veth peer name "from$vni" netns vdt-sensor
  ip -n "$first" address add "$5/30" dev mirror
  ip -n "$first" link set mirror mtu 1500 up
  ip -n vdt-sensor address add "$4/30" dev "from$vni"
  ip -n vdt-sensor link set "from$vni" mtu 1500 master br0 up 2>/dev/null || ip -n vdt-sensor link set "from$vni" mtu 1500 up
  ip -n "$first" link add vx type vxlan id "$vni" remote "$4" local "$5" dstport 4789 dev mirror
  ip -n "$first" link set vx up
  tc -n "$first" qdisc add dev eth0 clsact
  tc -n "$first" filter add dev eth0 ingress u32 match u32 0 0 action mirred egress mirror dev vx
  tc -n "$first" filter add dev eth0 egress u32 match u32 0 0 action mirred egress mirror dev vx
}
tenant 11 vdt-a1 vdt-a2 172.29.11.1 172.29.11.2
tenant 12 vdt-b1 vdt-b2 172.29.12.1 172.29.12.2

ip netns exec vdt-sensor tcpdump -Z root -U -n -s 0 -i any -w "$out" udp port 4789 2>/tmp/vdt-mirror.log &
until grep -q 'listening on' /tmp/vdt-mirror.log 2>/dev/null; do sleep 0.1; done
rm /tmp/vdt-mirror.log
ip netns exec vdt-a2 "$node" "$here/web-site.ts" 10.0.0.9 80 &
ip netns exec vdt-b2 "$node" "$here/web-site.ts" 10.0.0.9 80 &
sleep 1
for page in $(seq 8); do
  ip netns exec vdt-a1 curl -s -o /dev/null --local-port "$((40000 + page))" "http://10.0.0.9/page-$page"
  # The very same 5-tuple in the other tenant's network.
  ip netns exec vdt-b1 curl -s -o /dev/null --local-port "$((40000 + page))" "http://10.0.0.9/other-$page"
  sleep 0.2
done
ip netns exec vdt-b1 nmap -n -Pn -sS --top-ports 300 --max-retries 0 -T4 10.0.0.9 >/dev/null
sleep 1
pkill -INT -f "tcpdump -Z root -U -n -s 0 -i any -w $out" || true
sleep 1
