// Log4j look-ups: `${lower:J}ndi`, `${::-j}`, `${env:NOTHING:-j}`, nested as deep as an attacker likes.
import { base64Bytes, readableText } from './embedded-text.ts';

const maxDepth = 64;

function evaluate(inner: string): string {
  const [, name = '', argument = ''] = /^(lower|upper|base64|date):([\s\S]*)$/i.exec(inner) ?? [];
  switch (name.toLowerCase()) {
    case 'lower':
      return argument.toLowerCase();
    case 'upper':
      return argument.toUpperCase();
    case 'base64': {
      const bytes = base64Bytes(argument.trim());
      return (bytes && readableText(bytes)) ?? argument;
    }
    case 'date':
      return argument.replace(/^'(.*)'$/, '$1');
  }
  const fallback = /^jndi:/i.test(inner) ? -1 : inner.indexOf(':-');
  return fallback < 0 ? `\${${inner}}` : inner.slice(fallback + 2);
}

/**
 * The text with every look-up that needs nothing of the machine replaced by its value; a `jndi:` look-up and those of unknown
 * value stay. One pass with a stack: linear in the text.
 */
export function resolveLookups(text: string): string {
  if (!text.includes('${')) return text;
  const outer: string[] = [];
  let current = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '$' && text[i + 1] === '{' && outer.length < maxDepth) {
      outer.push(current);
      current = '';
      i++;
    } else if (text[i] === '}' && outer.length > 0) {
      current = `${outer.pop() ?? ''}${evaluate(current)}`;
    } else current += text[i];
  }
  while (outer.length > 0) current = `${outer.pop() ?? ''}\${${current}`;
  return current;
}
