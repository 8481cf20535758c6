// The nightly run as a systemd timer or a cron line.
import { VedetteError } from '../../base/errors.ts';
import type { ExposureDependencies } from './dependencies.ts';

export interface InstallRequest {
  readonly kind: 'systemd' | 'cron';
  /** Time of the day, `02:15`; systemd: UTC; cron: that of the machine. */
  readonly time: string;
  readonly user: string;
  readonly directory: string;
  /** Arguments of `vedette exposure scan`. */
  readonly args: readonly string[];
}

export interface InstalledFile {
  readonly path: string;
  readonly content: string;
}

const mark = '# Made by vedette exposure install; run it again to change it.';

/** systemd.service(5): quotes, and no specifiers or variables. */
const systemdWord = (text: string): string =>
  /^[\w@+:,./=-]+$/.test(text)
    ? text
    : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

/** sh's quotes; a percent sign would end the line for cron. */
const cronWord = (text: string): string =>
  /^[\w@+:,./=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`).replaceAll('%', '\\%')}'`;

function checked({ time, args }: InstallRequest): readonly [hour: number, minute: number] {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (match === null) throw new VedetteError('usage', { problem: `"${time}" is no time of the day`, advice: 'give one such as 02:15' });
  // Neither file could hold it.
  const strange = args.find((arg) => /[\p{Cc}]/u.test(arg));
  if (strange !== undefined) throw new VedetteError('usage', { problem: 'an argument has a control character', advice: 'leave it out' });
  return [Number(match[1]), Number(match[2])];
}

/** The files; nothing is written. @throws {VedetteError} `usage` */
export function installFiles(request: InstallRequest, launcher: string): InstalledFile[] {
  const [hour, minute] = checked(request);
  const { kind, directory, user, args } = request;
  const words = [launcher, 'exposure', 'scan', ...args];
  if (kind === 'cron') {
    const line = `${minute} ${hour} * * *  ${user}  ${words.map(cronWord).join(' ')}`;
    return [{ path: `${directory}/vedette-exposure`, content: `${mark}\nSHELL=/bin/sh\n${line}\n` }];
  }
  const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  return [
    {
      path: `${directory}/vedette-exposure.service`,
      content: `${mark}
[Unit]
Description=Vedette: what the outside can reach
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=${user}
ExecStart=${words.map(systemdWord).join(' ')}
# 1: done, and --fail-on found something.
SuccessExitStatus=1
StateDirectory=vedette
StateDirectoryMode=0750
UMask=0027
NoNewPrivileges=yes
CapabilityBoundingSet=CAP_NET_RAW CAP_NET_ADMIN CAP_NET_BIND_SERVICE
PrivateTmp=yes
ProtectHome=read-only
ProtectSystem=full
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_UNIX
RestrictNamespaces=yes
LockPersonality=yes
`,
    },
    {
      path: `${directory}/vedette-exposure.timer`,
      content: `${mark}
[Unit]
Description=Vedette: what the outside can reach, every night

[Timer]
OnCalendar=*-*-* ${time}:00 UTC
RandomizedDelaySec=300
Persistent=yes

[Install]
WantedBy=timers.target
`,
    },
  ];
}

/** Writes the files; replaces only what an earlier install wrote. @throws {VedetteError} `output-exists`, `output-unwritable` */
export function install(request: InstallRequest, { launcher, readText, writeText }: ExposureDependencies): InstalledFile[] {
  const files = installFiles(request, launcher);
  for (const { path } of files) {
    if (!isOurs(path, readText)) throw new VedetteError('install-foreign', { path });
  }
  for (const { path, content } of files) writeText(path, content);
  return files;
}

function isOurs(path: string, readText: ExposureDependencies['readText']): boolean {
  try {
    return readText(path).startsWith(mark);
  } catch (error) {
    if (error instanceof VedetteError && error.code === 'input-missing') return true;
    throw error;
  }
}
