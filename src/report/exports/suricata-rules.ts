// iocs.rules: Suricata rules for the indicators. Identifiers 9,000,000 to 9,899,999, derived from the value, so that the same
// indicator keeps its rule from run to run.
import { hashText } from '../../base/text-hash.ts';
import { visible } from '../../base/visible.ts';
import type { Indicator } from '../indicators.ts';

const firstSid = 9_000_000;
const sidRange = 900_000;
const maxContent = 200;
const encoder = new TextEncoder();

/** A content: printable ASCII as it is, everything else (and what ends or escapes one) in hexadecimal between bars. */
export function suricataContent(text: string): string {
  let content = '';
  let isHex = false;
  for (const byte of encoder.encode(text).slice(0, maxContent)) {
    const isPlain = byte >= 0x20 && byte < 0x7f && !'"\\;:|'.includes(String.fromCharCode(byte));
    if (isPlain === isHex) content += '|';
    else if (!isPlain) content += ' ';
    content += isPlain ? String.fromCharCode(byte) : byte.toString(16).padStart(2, '0').toUpperCase();
    isHex = !isPlain;
  }
  return isHex ? `${content}|` : content;
}

/** Text of a message: what ends an option or begins a variable is left out. */
const message = (text: string): string =>
  visible(text, 120)
    .replace(/[";\\:$|()]/g, ' ')
    .replace(/[^\x20-\x7e]/g, '?')
    .replace(/ +/g, ' ')
    .trim();

/** Header and conditions of a rule; undefined where Suricata has nothing to look at. */
function ruleOf({ kind, value, port }: Indicator): readonly [header: string, conditions: string] | undefined {
  switch (kind) {
    case 'address': {
      const address = value.includes(':') ? `[${value}]` : value;
      return port === undefined
        ? [`alert ip $HOME_NET any <> ${address} any`, '']
        : [`alert tcp $HOME_NET any -> ${address} ${port}`, ' flow:to_server;'];
    }
    case 'domain':
      return ['alert dns any any -> any any', ` dns.query; dotprefix; content:"${suricataContent(`.${value}`)}"; endswith; nocase;`];
    case 'url': {
      const match = /^http:\/\/(\[[^\]]*\]|[^/:?#]*)(?::\d+)?([^#]*)/i.exec(value);
      if (match === null) return undefined;
      const [, host = '', uri = ''] = match;
      return [
        'alert http $HOME_NET any -> any any',
        ` flow:established,to_server; http.host; content:"${suricataContent(host.toLowerCase())}"; http.uri; content:"${suricataContent(uri === '' ? '/' : uri)}"; startswith;`,
      ];
    }
    case 'user-agent':
      return ['alert http any any -> any any', ` flow:established,to_server; http.user_agent; content:"${suricataContent(value)}";`];
    case 'ja4':
      // ja4.hash needs Suricata 7.0.3 built with JA4, which many are not: the file must load everywhere.
      return undefined;
    case 'endpoint': {
      // Shell syntax in a request for the endpoint that was attacked. A semicolon would end the option, so it is written as a number.
      const path = value.split('?')[0] ?? value;
      if (!path.startsWith('/') || path === '/') return undefined;
      return [
        'alert http any any -> $HOME_NET any',
        ` flow:established,to_server; http.uri; content:"${suricataContent(path)}"; startswith; pcre:"/[\\x3b&|\\x60]|\\x24[\\x28{]|\\x2fdev\\x2ftcp/U";`,
      ];
    }
    case 'sha256':
      return undefined;
  }
}

/** Higher confidence, more urgent. */
const priority = (confidence: number): number => (confidence >= 0.9 ? 1 : confidence >= 0.6 ? 2 : 3);

/** The whole file. Digests and JA4 have no rule: Suricata needs lists or builds of its own for them. */
export function suricataRules(indicators: readonly Indicator[]): string {
  const taken = new Set<number>();
  const rules = indicators.flatMap((one): string[] => {
    const rule = ruleOf(one);
    if (rule === undefined) return [];
    let sid = firstSid + (hashText(`${one.kind}|${one.value}|${one.port ?? ''}`) % sidRange);
    while (taken.has(sid)) sid = sid + 1 < firstSid + sidRange ? sid + 1 : firstSid;
    taken.add(sid);
    const [header, conditions] = rule;
    const title = message(`Vedette ${one.kind} ${one.value}, ${one.findings[0]?.title ?? ''}`);
    return [
      `${header} (msg:"${title}";${conditions} classtype:trojan-activity; priority:${priority(one.confidence)}; metadata:pyramid_of_pain ${one.worth}, confidence ${Math.round(one.confidence * 100)}; sid:${sid}; rev:1;)`,
    ];
  });
  return `# Indicators as Suricata rules, made by vedette. Worth after the pyramid of pain is in the metadata.\n${rules.map((rule) => `${rule}\n`).join('')}`;
}
