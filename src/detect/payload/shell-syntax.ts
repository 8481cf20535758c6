// Undoes what shells allow in the place of plain words: `${IFS}`, split quotes, variables, concatenation.

const maxVariables = 32;
const maxLength = 16_384;

/** `name=value`, with export, in quotes or not; Perl's and PHP's `$name=` too. */
const assignment =
  /(?:^|[\s;&|("'`{])(?:export |set |declare |local |my |String |int )?\$?([A-Za-z_]\w{0,30}) ?= ?("[^"]{1,200}"|'[^']{1,200}'|[^\s;&|"'()]{1,200})/g;
/** The ways in which shells and scripting languages read a variable. */
const reference =
  /\$\{(\w{1,31})\}|\$(?:env:)?([A-Za-z_]\w{0,30})|(?:os\.getenv|os\.environ\.get|getenv)\( ?["'](\w{1,31})["'] ?\)|(?:os\.environ|ENV)\[ ?["'](\w{1,31})["'] ?\]|\$ENV\{["']?(\w{1,31})["']?\}|process\.env\.(\w{1,31})/g;

const withoutQuotes = (value: string): string => value.replace(/^(["'])(.*)\1$/s, '$2');

/** Replaces references to variables that the text itself sets. */
export function substituteVariables(text: string): string {
  if (!text.includes('=') || !/[$]|env/i.test(text)) return text;
  const variables = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(assignment)) {
    if (variables.size >= maxVariables) break;
    const plain = withoutQuotes(value);
    if (!plain.includes('$')) variables.set(name, plain);
  }
  if (variables.size === 0) return text;
  let room = maxLength;
  return text.replace(reference, (whole, ...groups: (string | undefined)[]) => {
    const name = groups.slice(0, 6).find((group) => group !== undefined);
    const value = name === undefined ? undefined : variables.get(name);
    if (value === undefined || value.length > room) return whole;
    room -= value.length;
    return value;
  });
}

/** The text as a shell would read it. */
export function cleanShell(text: string): string {
  if (!/[$'"\\{]/.test(text)) return text;
  const plain = text
    .replace(/\$\{?IFS(?:%\?\?)?\}?(?:\$\d)?/g, ' ')
    .replace(/\$\{(?:PATH|HOME|PWD|SHELL):0:1\}/g, '/')
    .replace(/\{([\w./-]{1,64}(?:,[^{},\s]{1,200}){1,8})\}/g, (_, words: string) => words.replaceAll(',', ' '))
    .replace(/\\0?([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8) & 0xff))
    .replace(/["'] ?[+.] ?["']/g, '');
  return substituteVariables(plain)
    .replace(/(?<=^|[\s;|&`(/])(["'])([\w/]{1,8})\1(?=[\w/])/g, '$2')
    .replace(/(?<=\w)(["'])(\w{1,8})\1/g, '$2')
    .replace(/(?<=\w)(?:["'\\]+|\$[@*])(?=\w)/g, '')
    .replace(/(?<=[\s;|&`(/]|^)\\(?=[a-z])/g, '');
}
