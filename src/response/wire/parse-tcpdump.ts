// Lines of `tcpdump -n -tt`, as 4.9 to 4.99 print them:
// 1700000000.123456 IP 10.0.0.5.51022 > 198.51.100.66.4444: Flags [P.], seq 1:6, ack 1, win 502, length 5
// 1700000000.123456 IP6 2001:db8::5 > 2001:db8::1: ICMP6, echo request, id 1, seq 1, length 64

export interface SeenPacket {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly protocol: string;
  readonly from: End;
  readonly to: End;
  /** Opens a TCP connection: SYN without ACK. */
  readonly opens: boolean;
}

export interface End {
  readonly address: string;
  /** Absent where the protocol has none. */
  readonly port?: number;
}

const line = /^(\d+\.\d+) IP6? (\S+) > (\S+?): (.*)$/;

/** `10.0.0.5.443` or `2001:db8::5.443`; without a port when the last part belongs to the address. */
function endOf(text: string): End {
  const dot = text.lastIndexOf('.');
  const isPlain = text.includes(':') ? dot < 0 : text.split('.').length === 4;
  if (isPlain || dot < 0) return { address: text };
  return { address: text.slice(0, dot), port: Number(text.slice(dot + 1)) };
}

function protocolOf(rest: string, { port }: End): string {
  if (rest.startsWith('Flags [')) return 'tcp';
  if (rest.startsWith('ICMP')) return 'icmp';
  return port === undefined ? 'other' : 'udp';
}

/** One line; undefined when it shows no packet of IP. */
export function parseTcpdumpLine(text: string): SeenPacket | undefined {
  const [, seconds = '', source = '', target = '', rest = ''] = line.exec(text) ?? [];
  if (seconds === '') return undefined;
  const from = endOf(source);
  return { atMs: Number(seconds) * 1000, protocol: protocolOf(rest, from), from, to: endOf(target), opens: rest.startsWith('Flags [S]') };
}
