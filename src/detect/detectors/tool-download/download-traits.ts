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

export interface Download {
  readonly mime: string;
  /** Host header or requested name; undefined when there was none. */
  readonly host: string | undefined;
  readonly port: number;
  readonly uri: string;
  readonly agent: string | undefined;
}

/** The reasons that speak against a download, in words; [] for what needs no word. */
export function traitsOf({ mime, host, port, uri, agent }: Download): readonly string[] {
  const name = host?.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const path = uri.split('?')[0] ?? '';
  return [
    ...(name === undefined || parseAddress(name) !== undefined ? ['fetched from a bare address'] : []),
    ...(port !== 80 && port !== 443 ? [`from port ${port}`] : []),
    ...(name !== undefined && dropSites.test(name) ? ['from a site where anybody drops files'] : []),
    ...(harmlessEnding.test(path) && kindOf(mime) === 'program' ? [`a program behind the ending ${/\.\w+$/.exec(path)?.[0] ?? ''}`] : []),
    ...(agent === undefined || agent === ''
      ? ['by a client without a name']
      : commandLineAgent.test(agent)
        ? [`by a command-line client (${agent.slice(0, 40)})`]
        : []),
  ];
}

/** Whether the name belongs to a mirror of packages that are signed. */
export const isPackageSite = (host: string | undefined): boolean => host !== undefined && packageSites.test(host.replace(/:\d+$/, ''));
