// The head of an HTTP answer, as far as it came. RFC 9112 §4.
import type { ServiceEvidence } from '../../model/exposure.ts';
import { spokenText } from '../service-prober.ts';

/** undefined when the text is no HTTP answer. */
export function parseHttpAnswer(text: string): ServiceEvidence['http'] | undefined {
  const match = /^HTTP\/1\.[01] (\d{3})/.exec(text);
  if (match === null) return undefined;
  const [head = '', body = ''] = splitOnce(text, '\r\n\r\n');
  const header = (name: string): string | undefined => {
    const line = head.split('\r\n').find((one) => one.toLowerCase().startsWith(`${name}:`));
    return line === undefined ? undefined : spokenText(line.slice(name.length + 1));
  };
  const title = /<title[^>]{0,100}>([^<]{0,500})/i.exec(body)?.[1];
  const [server, location] = [header('server'), header('location')];
  return {
    status: Number(match[1]),
    ...(server !== undefined && { server }),
    ...(title !== undefined && { title: spokenText(title) }),
    ...(location !== undefined && { location }),
  };
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}
