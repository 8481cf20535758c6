// ICMP has no ports: the flow key takes type and counterpart (or code) in their place, as Zeek does.

const oneWay = -1;

/** Reply to each request and request to each reply: RFC 792, RFC 950, RFC 1256. */
const counterparts4 = pairs([8, 0], [13, 14], [15, 16], [10, 9], [17, 18]);
/** RFC 4443, RFC 4861, RFC 2710, RFC 4620, RFC 6275. */
const counterparts6 = pairs([128, 129], [133, 134], [135, 136], [130, 131], [139, 140], [144, 145]);

function pairs(...list: readonly (readonly [number, number])[]): Int16Array {
  const table = new Int16Array(256).fill(oneWay);
  for (const [request, reply] of list) {
    table[request] = reply;
    table[reply] = request;
  }
  return table;
}

/** Type of the answering message; -1 when the message has none (its flow has one direction). */
export const icmpCounterpart = (isIpv6: boolean, type: number): number => (isIpv6 ? counterparts6 : counterparts4)[type] ?? oneWay;
