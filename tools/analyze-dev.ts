// CAPTURE OUTDIR: the engine alone, records as Zeek logs; says what analyzers threw. For work on the engine.
import { mkdirSync } from 'node:fs';
import { openCapture } from '../src/capture/pcap-file/open-capture.ts';
import { Engine } from '../src/engine/engine.ts';
import { nodePlatform } from '../src/platform/node-platform.ts';
import { ZeekLogWriter } from '../src/store/zeek-log/zeek-log-writer.ts';

const [capture, directory] = process.argv.slice(2);
if (capture === undefined || directory === undefined) throw new Error('usage: analyze-dev CAPTURE OUTDIR');
mkdirSync(directory, { recursive: true });
const source = await openCapture([capture]);
const writer = new ZeekLogWriter({ directory, format: 'tsv', now: () => new Date() });
const engine = new Engine({}, nodePlatform, writer);
const started = process.cpuUsage();
for (let batch = await source.next(); batch !== null; batch = await source.next()) engine.onBatch(batch, source.points);
engine.finish();
writer.close();
await source.close();
const spent = process.cpuUsage(started);
for (const { analyzer, error } of engine.failures) console.error(analyzer, error);
if (process.env['VEDETTE_DEBUG'] !== undefined) console.error(engine.counters, (spent.user + spent.system) / 1e6);
