// Services that should not be open to the world, in classes. By port number: what a scanner of strangers goes by, too.
import type { Transport } from '../model/exposure.ts';

export interface RiskClass {
  readonly name: string;
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
  /** Why it is dangerous, in half a sentence. */
  readonly why: string;
}

/** The standard classes; a policy may change, add and drop classes by name. */
export const standardRiskClasses: readonly RiskClass[] = [
  {
    name: 'database',
    tcp: [1433, 1434, 1521, 3050, 3306, 5432, 5433, 5984, 7474, 8086, 8087, 8123, 9042, 9160, 27017, 27018, 27019, 28015, 33060, 50000],
    udp: [1434],
    why: 'holds data; made for trusted networks',
  },
  {
    name: 'key-value store',
    tcp: [6379, 6380, 11211, 2181, 2379, 2380, 8500],
    udp: [11211],
    why: 'often without a password; Redis runs commands',
  },
  { name: 'search engine', tcp: [9200, 9300, 5601, 8983], udp: [], why: 'often without a password; indices are copied and held to ransom' },
  { name: 'container engine', tcp: [2375, 2376, 2377, 4243], udp: [], why: 'starts containers as root for whoever asks' },
  {
    name: 'cluster control',
    tcp: [6443, 8001, 10250, 10255, 10257, 10259, 30443, 5050, 4646, 8088, 6066, 7077],
    udp: [],
    why: 'runs programs on all nodes',
  },
  {
    name: 'remote desktop',
    tcp: [3389, 5800, 5900, 5901, 5902, 5903, 5938, 6000, 6001],
    udp: [3389],
    why: 'passwords are guessed all day',
  },
  { name: 'remote administration', tcp: [23, 512, 513, 514, 2323, 5985, 5986, 10000], udp: [], why: 'a shell, or as good as one' },
  {
    name: 'file sharing',
    tcp: [21, 111, 135, 137, 139, 445, 548, 873, 2049, 3260],
    udp: [69, 111, 137],
    why: 'files, and worms that travel by them',
  },
  { name: 'management controller', tcp: [623, 664, 16992, 16993, 17988, 5120], udp: [623], why: 'below the operating system' },
  { name: 'debugger', tcp: [1099, 4444, 5005, 5555, 8000, 9229], udp: [], why: 'runs code by design' },
  {
    name: 'message broker',
    tcp: [1883, 4369, 5672, 9092, 15672, 25672, 61616],
    udp: [],
    why: 'queues of programs, often with known passwords',
  },
  { name: 'open proxy', tcp: [1080, 3128, 8118, 9050], udp: [], why: 'strangers act under your address' },
  {
    name: 'amplifier',
    tcp: [],
    udp: [17, 19, 53, 123, 161, 389, 520, 1900, 3702, 5353, 5683, 10001, 27960],
    why: 'floods strangers when asked under their address',
  },
  { name: 'industrial control', tcp: [102, 502, 2404, 4840, 20000, 44818, 47808], udp: [47808], why: 'moves machines' },
];

/** All ports of some classes, sorted. */
export const riskPorts = (protocol: Transport, classes: readonly RiskClass[] = standardRiskClasses): readonly number[] =>
  [...new Set(classes.flatMap((one) => one[protocol]))].sort((a, b) => a - b);

/** The first class that has the port. */
export const riskClassOf = (classes: readonly RiskClass[], protocol: Transport, port: number): RiskClass | undefined =>
  classes.find((one) => one[protocol].includes(port));
