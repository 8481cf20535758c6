// Web shells by what they are called, what they are sent, and what they answer. MITRE ATT&CK T1505.003.

import { base64Bytes, readableText } from './embedded-text.ts';
import { commandParameter, commandValue } from './rules/commands.ts';
import type { Sign } from './sign.ts';

const scriptFile = /\.(?:php[3-8]?|phtml|phar|aspx?|ashx|asmx|jspx?|cfm|cgi|pl|py|sh)$/i;

/** Names under which published web shells travel. */
const knownNames =
  /^(?:c99(?:shell|madshell)?|r57(?:shell)?|wso(?:\d[\d.]*)?|b374k(?:[.-]?\d[\d.]*)?|weevely\d*|alfa(?:shell|_data|v\d)?|indoxploit|p0wny(?:-shell)?|antak|aspxspy\d*|chopper|caidao|gel4y|marijuana|minishell|webshell|web-shell|backdoor|simple-backdoor|php-reverse-shell|qsd-php-backdoor|cmdasp|cmdjsp|cmd-?asp|jspspy|phpspy\d*|sh3ll|shell\d{0,3}|cmd\d{0,2}|laudanum|regeorg|neoreg|tunnel\.nosocket|godzilla|behinder|zehir\d?|nshell|locus7s|predator|simattacker|dxshell|erne|cgitelnet|perlcmd|upl_shell|shellx|xshell|evilshell|hackshell|cmdshell)$/i;

/** Folders where uploads end up and scripts do not belong. */
const uploadFolder =
  /\/(?:uploads?|files?|images?|img|pictures|media|tmp|temp|cache|attachments?|avatars?|userfiles|wp-content\/(?:uploads|themes|plugins)|hackable)\//i;

const fileOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether the path is a script whose name belongs to a published web shell. */
export function hasShellName(path: string): boolean {
  const file = fileOf(path);
  return scriptFile.test(file) && knownNames.test(file.replace(scriptFile, ''));
}

/** Whether the path is a script, and one in a folder of uploads. */
export const isScript = (path: string): boolean => scriptFile.test(path);
export const isUploadedScript = (path: string): boolean => scriptFile.test(path) && uploadFolder.test(path);

/** Output of commands that attackers type first, in an answer: RCE that worked. */
const output =
  /\buid=\d{1,10}\([\w.-]{1,32}\) gid=\d{1,10}|root:[x*]?:0:0:|\bLinux [\w.-]{1,64} \d+\.\d+\.\S{1,40} #\d|Volume Serial Number is|Microsoft Windows \[Version \d|(?:^|\s)nt authority\\(?:system|network service|local service)|total \d{1,8}\s+d?[rwx-]{9,11}/i;

/** What of a command's output an answer shows; undefined when none is recognised. */
export const commandOutputIn = (snippet: string | undefined): string | undefined =>
  snippet === undefined ? undefined : output.exec(snippet)?.[0];

/** Whether an answer begins with such output: pages about commands have it further down. */
export const isCommandOutput = (snippet: string | undefined): boolean =>
  snippet !== undefined && (output.exec(snippet.slice(0, 120))?.index ?? maxLead) < maxLead;
const maxLead = 24;

/** A body, or the only value of a form, that is one encrypted or encoded lump: shells of the newer kind hide all that they say. */
export function isLump(body: string | undefined): boolean {
  const value = body?.replace(/^[\w.-]{1,32}=/, '') ?? '';
  if (value.length < 64) return false;
  if (/^[A-Za-z0-9+/_%=-]+$/.test(value)) return /[A-Z]/.test(value) && /[a-z]/.test(value) && /\d/.test(value);
  return (value.match(/\\x[0-9a-f]{2}/g) ?? []).length * 4 > 0.4 * value.length;
}

/** A command, plain or in base64. */
function isCommand(value: string, lenient: boolean): boolean {
  if (commandValue(value, lenient)) return true;
  const bytes = lenient && /^[A-Za-z0-9+/]{4,400}={0,2}$/.test(value) ? base64Bytes(value) : undefined;
  return bytes !== undefined && bytes.length >= 2 && commandValue(readableText([...bytes, ...padding])?.trim() ?? '', true);
}
/** Short commands are lengthened so that they count as readable. */
const padding = Array.from({ length: 6 }, () => 0x20);

/** China Chopper and its heirs: code to evaluate, and its parameters z0, z1 in base64. */
const chopper = /(?:^|&)[^=&]{1,40}=[^&]{0,200}(?:eval|assert|execute|Response\.Write)[^&]{0,400}&z[0-9]=|Response\.Write\(["']->\|/i;

/** Signs by the script's name, its parameters and their values. `params` are decoded. */
export function webShellSigns(
  path: string,
  params: readonly (readonly [string, string])[],
  body: string | undefined,
): (Sign & { readonly parameter?: string })[] {
  const named = hasShellName(path);
  const likely = named || isUploadedScript(path);
  const signs: (Sign & { readonly parameter?: string })[] = [];
  for (const [name, value] of params) {
    if (!commandParameter.test(name) || !isCommand(value.trim(), likely)) continue;
    signs.push({
      family: isScript(path) ? 'web-shell' : 'command',
      technique: 'command as the value of a parameter',
      strength: 'exploit',
      parameter: name,
      decodedSnippet: `${name}=${value}`.slice(0, 300),
      steps: [],
    });
    break;
  }
  if (body !== undefined && chopper.test(body)) {
    signs.push({
      family: 'web-shell',
      technique: 'China Chopper request',
      strength: 'exploit',
      decodedSnippet: body.slice(0, 300),
      steps: [],
    });
  }
  if (named && signs.length === 0) {
    signs.push({
      family: 'web-shell',
      technique: 'name of a published web shell',
      strength: 'probe',
      decodedSnippet: path.slice(0, 300),
      steps: [],
    });
  }
  return signs;
}
