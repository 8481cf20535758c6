# Sourced by the sample makers: a cloud in network namespaces. Two tenant networks behind a router as Neutron builds it,
# and an outside with addresses of the documentation ranges. Everything is removed again, whatever happens.
#
#   ext 203.0.113.1/24 (and more) -- qg [qrouter] qr-a8.. 10.0.1.1/24      -- web 10.0.1.12, shop 10.0.1.20
#                                            \ qr-6a.. 192.168.101.1/24  -- bad 192.168.101.12
set -euo pipefail

readonly router=qrouter-5d0f2c1a-7b3e-4c6d-9e8f-0a1b2c3d4e5f
readonly qr_web=qr-a8ad467b-d5 qr_bad=qr-6a8a7e66-52 qg=qg-72bcf6c4-f4
readonly namespaces="$router vdt-ext vdt-web vdt-shop vdt-bad"
scratch=$(mktemp -d)
node=$(command -v "${NODE:-node}")

in_ns() { ip netns exec "$@"; }

lab_down() {
  disown -a # or the shell names every process that is ended here
  for ns in $namespaces; do
    ip netns pids "$ns" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
    ip netns del "$ns" 2>/dev/null || true
    rm -rf "/etc/netns/$ns"
  done
  rm -rf "$scratch"
}

# connect NS DEVICE ROUTER_DEVICE MAC ADDRESS GATEWAY
connect() {
  ip link add "$2" netns "$1" type veth peer name "$3" netns "$router"
  in_ns "$1" ip link set "$2" address "$4" mtu 1450 up
  in_ns "$1" ip address add "$5" dev "$2"
  in_ns "$1" ip link set lo up
  [ -z "${6:-}" ] || in_ns "$1" ip route add default via "$6"
  # Offloads would show segments that no wire carries, with checksums left to hardware that is not there.
  in_ns "$1" ethtool -K "$2" tx off tso off gso off gro off >/dev/null 2>&1 || true
  in_ns "$router" ethtool -K "$3" tx off tso off gso off gro off >/dev/null 2>&1 || true
  in_ns "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
}

lab_up() {
  trap lab_down EXIT
  trap 'exit 130' INT TERM
  local ns
  for ns in $namespaces; do
    ip netns add "$ns"
    mkdir -p "/etc/netns/$ns"
    echo 'nameserver 203.0.113.53' >"/etc/netns/$ns/resolv.conf"
  done
  in_ns "$router" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.disable_ipv6=1
  # Each VM has its own link to the router, where Neutron has a bridge between: MTU 1450 is what VXLAN leaves of 1500.
  connect vdt-web eth0 "$qr_web" fa:16:3e:5a:01:12 10.0.1.12/24 ''
  connect vdt-shop eth0 qr-shop0000-01 fa:16:3e:5a:01:20 10.0.1.20/24 ''
  connect vdt-bad eth0 "$qr_bad" fa:16:3e:c4:65:12 192.168.101.12/24 ''
  connect vdt-ext eth0 "$qg" 52:54:00:00:00:01 203.0.113.1/24 ''
  in_ns "$router" ip link set "$qr_web" address fa:16:3e:fd:67:06 mtu 1450 up
  in_ns "$router" ip link set qr-shop0000-01 address fa:16:3e:fd:67:07 mtu 1450 up
  in_ns "$router" ip link set "$qr_bad" address fa:16:3e:0a:09:2d mtu 1450 up
  in_ns "$router" ip link set "$qg" address fa:16:3e:3f:a0:6a up
  in_ns "$router" ip address add 10.0.1.1/32 dev "$qr_web"
  in_ns "$router" ip address add 192.168.101.1/24 dev "$qr_bad"
  in_ns "$router" ip address add 203.0.113.10/24 dev "$qg"
  in_ns "$router" ip address add 203.0.113.20/32 dev "$qg"
  in_ns "$router" ip route add 10.0.1.12 dev "$qr_web"
  in_ns "$router" ip route add 10.0.1.20 dev qr-shop0000-01
  in_ns "$router" sysctl -qw net.ipv4.conf.all.proxy_arp=1
  in_ns "$router" ip route add default via 203.0.113.1
  in_ns vdt-web ip route add default via 10.0.1.1 dev eth0
  in_ns vdt-shop ip route add default via 10.0.1.1 dev eth0
  in_ns vdt-bad ip route add default via 192.168.101.1
  local address
  for address in 203.0.113.53 203.0.113.80 203.0.113.162 198.51.100.7 198.51.100.66; do in_ns vdt-ext ip address add "$address/32" dev eth0; done
  in_ns vdt-ext ip route add default via 203.0.113.10
  # The floating IP of the web machine, and the shared address of all others, as the L3 agent sets them up.
  in_ns "$router" iptables -t nat -A PREROUTING -d 203.0.113.20 -j DNAT --to-destination 10.0.1.12
  in_ns "$router" iptables -t nat -A POSTROUTING -s 10.0.1.12 -o "$qg" -j SNAT --to-source 203.0.113.20
  in_ns "$router" iptables -t nat -A POSTROUTING -o "$qg" -j SNAT --to-source 203.0.113.10 --random-fully
  in_ns vdt-ext dnsmasq --no-daemon --no-resolv --no-hosts --listen-address=203.0.113.53 --bind-interfaces --pid-file= \
    --address=/jokes.example/203.0.113.80 --address=/mirror.example/203.0.113.80 --address=/www.example/203.0.113.80 >"$scratch/dnsmasq.log" 2>&1 &
}

# as_machine NAME NS COMMAND...: runs under another host name, away from the folders of whoever makes the sample.
as_machine() {
  local name=$1 ns=$2
  shift 2
  (cd / && exec ip netns exec "$ns" unshare --uts sh -c 'hostname "$0" && exec "$@"' "$name" "$@")
}

# capture DEVICE FILE: starts tcpdump in the router and waits until it listens.
capture() {
  in_ns "$router" tcpdump -Z root -U -n -s 0 -i "$1" -w "$2" 2>"$scratch/tcpdump.log" &
  until grep -q 'listening on' "$scratch/tcpdump.log" 2>/dev/null; do sleep 0.1; done
  rm "$scratch/tcpdump.log"
}

capture_stop() {
  sleep 1
  pkill -INT -f "tcpdump -Z root -U -n -s 0 -i ($qr_web|$qr_bad) " || true
  sleep 1
}
