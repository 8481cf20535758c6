// An ordinary web site for the samples: pages, a package index and, on demand, tools of the attacker.
// usage: web-site.ts ADDRESS PORT [DIRECTORY]   Serves files of DIRECTORY, else small generated pages.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

const [address = '127.0.0.1', port = '80', directory] = process.argv.slice(2);

/** Text that differs from path to path and is the same in every run. */
const page = (path: string): string => `<!doctype html><title>${path}</title><p>${'All is well. '.repeat(4 + (path.length % 29))}</p>\n`;

createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://site.example').pathname;
  const file = directory === undefined ? undefined : join(directory, basename(path));
  if (file !== undefined && existsSync(file)) {
    response.setHeader('content-type', 'application/octet-stream');
    response.end(readFileSync(file));
    return;
  }
  response.setHeader('content-type', path.endsWith('.json') ? 'application/json' : 'text/html');
  response.end(path.endsWith('.json') ? `{"path":"${path}"}\n` : page(path));
}).listen(Number(port), address);
