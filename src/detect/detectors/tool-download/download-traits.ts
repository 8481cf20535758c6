// What makes a download look like an attacker's tool. Pure.
import { parseAddress } from '../../../base/ip.ts';

export type ToolKind = 'program' | 'script' | 'archive' | 'none';

/** Content types, by content, of what an intruder runs. Names as in Zeek's files.log. */
const programs = new Set([
  'application/x-executable',
  'application/x-sharedlib',
  'application/x-elf',
  'application/x-dosexec',
  'application/x-mach-o-executable',
  'application/x-java-applet',
  'application/java-archive',
  'application/vnd.android.package-archive',
  'application/x-msi',
]);
const scripts = new Set([
  'text/x-shellscript',
  'text/x-python',
  'text/x-perl',
  'text/x-ruby',
  'text/x-php',
  'text/x-lua',
  'text/x-msdos-batch',
  'application/x-powershell',
  'text/vbscript',
]);
const archives = new Set([
  'application/x-gzip',
  'application/gzip',
  'application/zip',
  'application/x-tar',
  'application/x-xz',
  'application/x-bzip2',
]);

/** What a content type is to an intruder. */
export const kindOf = (mime: string): ToolKind =>
  programs.has(mime) ? 'program' : scripts.has(mime) ? 'script' : archives.has(mime) ? 'archive' : 'none';

/** Texts at the start of PE and ELF images, behind at most four bytes of a length; escaped as records write them. */
const programHead = /^(?:\\x[0-9a-f]{2}|[^\\]){0,4}(?:MZ(?:ARUH|RE|\\xe8|\\x90\\x00\\x03)|\\x7fELF\\x0[12])/;

/** Whether the first bytes of one side are those of a program. */
export const isProgramHead = (head: string | undefined): boolean => head !== undefined && programHead.test(head);

/** Endings that promise something harmless; a program behind them lies. */
const harmlessEnding = /\.(?:jpe?g|png|gif|ico|bmp|webp|css|html?|txt|pdf|mp[34]|json|xml|woff2?)$/i;
/** Sites where anybody drops a file: pastes, file hosts, tunnels. Registered domains. */
const dropSites =
  /(?:^|\.)(?:pastebin\.com|paste\.ee|hastebin\.com|ghostbin\.\w+|transfer\.sh|file\.io|anonfiles\.com|gofile\.io|0x0\.st|ix\.io|termbin\.com|catbox\.moe|bashupload\.com|temp\.sh|ngrok\.io|ngrok-free\.app|trycloudflare\.com|serveo\.net|cdn\.discordapp\.com)$/i;
/** Mirrors of operating systems and package managers: signed content, fetched by machines all day. */
const packageSites =
  /(?:^|\.)(?:debian\.org|ubuntu\.com|launchpad\.net|centos\.org|fedoraproject\.org|redhat\.com|rockylinux\.org|almalinux\.org|opensuse\.org|archlinux\.org|alpinelinux\.org|kernel\.org|npmjs\.org|npmjs\.com|pypi\.org|pythonhosted\.org|rubygems\.org|crates\.io|golang\.org|maven\.org|docker\.io|docker\.com|microsoft\.com|windowsupdate\.com|windows\.com|office\.com|apple\.com|google\.com|gvt1\.com|googleapis\.com|mozilla\.org|mozilla\.net|adobe\.com|nvidia\.com|oracle\.com|steampowered\.com|akamaized\.net|digicert\.com)$/i;
const commandLineAgent =
  /^(?:curl|wget|python|libwww-perl|powershell|mozilla\/\S+ \(windows nt[^)]*\) windowspowershell|go-http-client|java\/|certutil|microsoft bits|busybox|fetch)/i;

/** A name that somebody typed at random: letters of both cases, nothing else. */
const meaninglessAgent = /^(?=[a-z]*[A-Z])(?=[A-Z]*[a-z])[A-Za-z]{12,64}$/;

/** Ends like a program, a script or a package: the address says what comes. */
const programEnding =
  /\.(?:exe|dll|msi|elf|bin|run|sh|so|jar|class|apk|deb|rpm|ps1|bat|cmd|vbs|py|pl|cab|com|scr|sys|appimage|dmg|pkg|war)$/i;

export interface Download {
  readonly mime: string;
  /** Host header or requested name; undefined when there was none. */
  readonly host: string | undefined;
  /** The server is beyond the private networks. */
  readonly isPublic: boolean;
  readonly port: number;
  readonly uri: string;
  readonly agent: string | undefined;
}

/** A reason that speaks against a download. A strong one is a place that no package comes from. */
export interface Trait {
  readonly text: string;
  readonly isStrong: boolean;
}

const strong = (text: string): Trait => ({ text, isStrong: true });
const weak = (text: string): Trait => ({ text, isStrong: false });

function traitsOfPlace({ host, isPublic, port }: Download): Trait[] {
  const name = host?.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const bare = name === undefined || parseAddress(name) !== undefined;
  return [
    // Inside a private network addresses serve for names.
    ...(bare ? [isPublic ? strong('fetched from a bare address') : weak('fetched from a bare private address')] : []),
    ...(port !== 80 && port !== 443 ? [strong(`from port ${port}`)] : []),
    ...(name !== undefined && dropSites.test(name) ? [strong('from a site where anybody drops files')] : []),
  ];
}

function traitsOfPath({ mime, uri }: Download): Trait[] {
  if (kindOf(mime) !== 'program') return [];
  const path = uri.split('?')[0] ?? '';
  if (harmlessEnding.test(path)) return [strong(`a program behind the ending ${/\.\w+$/.exec(path)?.[0] ?? ''}`)];
  return programEnding.test(path) ? [] : [weak('under an address that shows no program')];
}

function traitsOfAgent({ agent }: Download): Trait[] {
  if (agent === undefined || agent === '') return [weak('by a client without a name')];
  if (commandLineAgent.test(agent)) return [weak(`by a command-line client (${agent.slice(0, 40)})`)];
  return meaninglessAgent.test(agent) ? [weak(`by a client with a meaningless name (${agent.slice(0, 40)})`)] : [];
}

/** The reasons that speak against a download; [] for what needs no word. */
export const traitsOf = (download: Download): readonly Trait[] => [
  ...traitsOfPlace(download),
  ...traitsOfPath(download),
  ...traitsOfAgent(download),
];

/** Whether the name belongs to a mirror of packages that are signed. */
export const isPackageSite = (host: string | undefined): boolean => host !== undefined && packageSites.test(host.replace(/:\d+$/, ''));
