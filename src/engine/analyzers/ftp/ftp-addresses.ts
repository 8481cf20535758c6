// Where FTP says its data connection will be. RFC 959 §4.1.2, RFC 2428.

/** An announced endpoint; without address: that of the control connection. */
export interface DataEndpoint {
  readonly address: string | undefined;
  readonly port: number;
}

const endpoint = (address: string | undefined, port: number): DataEndpoint | undefined =>
  port > 0 && port < 65536 ? { address, port } : undefined;

/** `h1,h2,h3,h4,p1,p2` of PORT and of the reply to PASV. */
const sixNumbers = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/;
/** `<d><net-prt><d><net-addr><d><tcp-port><d>` with any delimiter. */
const extended = /^\s*([!-~])([12]?)\1([0-9a-fA-F:.]*)\1(\d{1,5})\1/;

/** Reads the argument of PORT or the text of a 227 reply. */
export function sixNumberEndpoint(text: string): DataEndpoint | undefined {
  const numbers = sixNumbers.exec(text)?.slice(1).map(Number);
  if (numbers === undefined || numbers.some((number) => number > 255)) return undefined;
  return endpoint(numbers.slice(0, 4).join('.'), (numbers[4] ?? 0) * 256 + (numbers[5] ?? 0));
}

/** Reads the argument of EPRT or what stands in the parentheses of a 229 reply. */
export function extendedEndpoint(text: string): DataEndpoint | undefined {
  const parts = extended.exec(text.slice(text.indexOf('(') + 1));
  if (parts === null) return undefined;
  const address = parts[3] ?? '';
  return endpoint(address === '' ? undefined : address, Number(parts[4]));
}
