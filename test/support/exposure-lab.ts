// A small cloud in network namespaces, with the names and addresses of the OpenStack lab: two tenants behind routers with floating
// addresses (DNAT), a router gateway that answers, an address that nobody owns, a floating address without a server, and a /24 that
// a router swallows. Everything is seen from the namespace `outside`. Needs root, ip, iptables, openssl.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './repository.ts';

/** The inventory of the lab, as its cloud would tell it. */
export const labInventory = `
cloud: lab
projects: [{name: acme, id: p-acme}, {name: globex, id: p-globex}]
users: [{name: alice, id: u-alice}, {name: bob, id: u-bob}]
networks:
  - {name: public, external: true, subnets: [{cidr: 203.0.113.0/24, gateway: 203.0.113.1}]}
  - {name: web-net, project: acme, subnets: [192.168.101.0/24]}
  - {name: build-net, project: globex, subnets: [10.0.1.0/24]}
securityGroups:
  - name: web
    project: acme
    rules:
      - {protocol: tcp, from: 22, to: 22, remoteCidr: 0.0.0.0/0}
      - {protocol: tcp, from: 80, to: 80, remoteCidr: 0.0.0.0/0}
      - {protocol: tcp, from: 443, to: 443, remoteCidr: 0.0.0.0/0}
      - {protocol: tcp, from: 9443, to: 9443, remoteCidr: 0.0.0.0/0}
  - {name: build, project: globex, rules: [{protocol: tcp, from: 1, to: 65535, remoteCidr: 0.0.0.0/0}]}
routers:
  - name: acme-edge
    project: acme
    externalNetwork: public
    gatewayAddresses: [203.0.113.2]
    interfaces: [{network: web-net, addresses: [192.168.101.1]}]
  - name: globex-edge
    project: globex
    externalNetwork: public
    gatewayAddresses: [203.0.113.3]
    interfaces: [{network: build-net, addresses: [10.0.1.1]}]
machines:
  - name: web-1
    id: m-web-1
    project: acme
    user: alice
    ports: [{network: web-net, addresses: [192.168.101.11], floating: 203.0.113.111, securityGroups: [web]}]
  - name: bastion
    id: m-bastion
    project: acme
    user: alice
    ports: [{network: web-net, addresses: [192.168.101.5], floating: 203.0.113.105, securityGroups: [web]}]
  - name: build-1
    id: m-build-1
    project: globex
    user: bob
    ports: [{network: build-net, addresses: [10.0.1.11], floating: 203.0.113.121, securityGroups: [build]}]
floatingAddresses: [{address: 203.0.113.130, project: globex, network: public}]
`;

const node = process.execPath;
const run = (...args: readonly string[]): string => execFileSync(args[0] ?? '', args.slice(1), { encoding: 'utf8', stdio: 'pipe' });

/** Built by `ExposureLab.start`; `stop` takes everything away. */
export class ExposureLab {
  readonly folder: string;
  readonly outside: string;
  readonly #prefix = `vx${process.pid % 100_000}`;
  readonly #names: string[] = [];
  readonly #services = new Map<string, ChildProcess>();

  private constructor(folder: string) {
    this.folder = folder;
    this.outside = `${this.#prefix}-out`;
  }

  static async start(folder: string): Promise<ExposureLab> {
    const lab = new ExposureLab(folder);
    const certificate = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
    const names = ['-subj', '/O=Acme/CN=shop.acme.example', '-addext', 'subjectAltName=DNS:shop.acme.example,DNS:www.acme.example'];
    run('openssl', 'req', ...certificate, ...names, '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem'));
    writeFileSync(join(folder, 'inventory.yaml'), labInventory);
    try {
      lab.#wire();
      await lab.#serve();
      return lab;
    } catch (error) {
      lab.stop();
      throw error;
    }
  }

  /** Command line of a program in a namespace of the lab. */
  in(name: string, ...args: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', `${this.#prefix}-${name}`, ...args];
  }

  /** Listens in a namespace; what listened there under this name before, no longer does. */
  async listen(name: string, ...services: readonly string[]): Promise<void> {
    this.silence(name);
    const script = join(repository, 'test/support/exposure-services.ts');
    const keys = [join(this.folder, 'key.pem'), join(this.folder, 'certificate.pem')];
    const [program = '', ...args] = this.in(name, node, script, ...keys, ...services);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#services.set(name, child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', (code) => reject(new Error(`services of ${name} ended with ${code}`)));
    });
  }

  silence(name: string): void {
    this.#services.get(name)?.kill('SIGKILL');
    this.#services.delete(name);
  }

  stop(): void {
    for (const name of [...this.#services.keys()]) this.silence(name);
    for (const name of this.#names.splice(0)) run('ip', 'netns', 'del', name);
  }

  #namespace(name: string): void {
    run('ip', 'netns', 'add', `${this.#prefix}-${name}`);
    this.#names.push(`${this.#prefix}-${name}`);
    run(...this.in(name, 'ip', 'link', 'set', 'lo', 'up'));
  }

  /** A cable between two namespaces, `a` plugged into the bridge of `bridge`. */
  #cable(bridge: string, name: string, ...addresses: readonly string[]): void {
    const [here, there] = [`${this.#prefix}-${bridge}`, `${this.#prefix}-${name}`];
    run('ip', '-n', here, 'link', 'add', `p-${name}`, 'type', 'veth', 'peer', 'name', `to-${bridge}`, 'netns', there);
    run('ip', '-n', here, 'link', 'set', `p-${name}`, 'master', 'br', 'up');
    run('ip', '-n', there, 'link', 'set', `to-${bridge}`, 'up');
    for (const address of addresses) run('ip', '-n', there, 'addr', 'add', address, 'dev', `to-${bridge}`);
  }

  #bridge(name: string, address: string): void {
    run(...this.in(name, 'ip', 'link', 'add', 'name', 'br', 'type', 'bridge'));
    run(...this.in(name, 'ip', 'link', 'set', 'dev', 'br', 'up'));
    run(...this.in(name, 'ip', 'addr', 'add', address, 'dev', 'br'));
  }

  /** A router with its gateway address; `nat` are pairs of floating and fixed addresses. */
  #router(name: string, gateway: string, inner: string, nat: readonly (readonly [string, string])[]): void {
    this.#namespace(name);
    this.#bridge(name, inner);
    this.#cable('out', name, `${gateway}/24`, ...nat.map(([floating]) => `${floating}/32`));
    run(...this.in(name, 'sysctl', '-qw', 'net.ipv4.ip_forward=1'));
    for (const [floating, fixed] of nat) {
      run(...this.in(name, 'iptables', '-t', 'nat', '-A', 'PREROUTING', '-d', floating, '-j', 'DNAT', '--to-destination', fixed));
    }
  }

  #machine(router: string, name: string, address: string, gateway: string): void {
    this.#namespace(name);
    this.#cable(router, name, `${address}/24`);
    run(...this.in(name, 'ip', 'route', 'add', 'default', 'via', gateway));
  }

  #wire(): void {
    this.#namespace('out');
    this.#bridge('out', '203.0.113.250/24');
    this.#router('acme', '203.0.113.2', '192.168.101.1/24', [
      ['203.0.113.111', '192.168.101.11'],
      ['203.0.113.105', '192.168.101.5'],
    ]);
    this.#machine('acme', 'web', '192.168.101.11', '192.168.101.1');
    this.#machine('acme', 'bastion', '192.168.101.5', '192.168.101.1');
    this.#router('globex', '203.0.113.3', '10.0.1.1/24', [['203.0.113.121', '10.0.1.11']]);
    this.#machine('globex', 'build', '10.0.1.11', '10.0.1.1');
    // Left over from a machine that is gone: the router still answers for it.
    run(...this.in('globex', 'ip', 'addr', 'add', '203.0.113.130/32', 'dev', 'to-out'));
    this.#namespace('rogue');
    this.#cable('out', 'rogue', '203.0.113.66/24');
    for (const [name, address] of [
      ['out', '2001:db8:113::250'],
      ['rogue', '2001:db8:113::66'],
    ] as const) {
      const device = name === 'out' ? 'br' : 'to-out';
      run(...this.in(name, 'ip', 'addr', 'add', `${address}/64`, 'dev', device, 'nodad'));
    }
    // Six addresses of 198.51.100.0/24 answer, 250 are swallowed without a word.
    for (let n = 0; n < 6; n++) run(...this.in('acme', 'ip', 'addr', 'add', `198.51.100.${n}/32`, 'dev', 'lo'));
    run(...this.in('acme', 'ip', 'route', 'add', 'blackhole', '198.51.100.0/24'));
    run(...this.in('out', 'ip', 'route', 'add', '198.51.100.0/24', 'via', '203.0.113.2'));
    for (const name of ['acme', 'globex', 'rogue']) {
      run(...this.in(name, 'sysctl', '-qw', 'net.ipv4.icmp_ratelimit=0'));
    }
  }

  async #serve(): Promise<void> {
    await this.listen('web', 'ssh@0.0.0.0:22', 'http@0.0.0.0:80', 'https@0.0.0.0:443', 'silent@0.0.0.0:3306');
    await this.listen('bastion', 'ssh@0.0.0.0:22');
    await this.listen('build', 'ssh@0.0.0.0:22', 'http@0.0.0.0:8080', 'udp@0.0.0.0:161');
    await this.listen('acme', 'ssh@203.0.113.2:22', 'http@198.51.100.1:80');
    await this.listen('globex', 'ssh@203.0.113.130:2222');
    await this.listen('rogue', 'ssh@203.0.113.66:22', 'redis@203.0.113.66:6379', 'http@2001:db8:113::66:8080');
  }
}
