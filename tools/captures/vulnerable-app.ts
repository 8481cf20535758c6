// A web application with a command injection, as in seed 4's story. For the sample captures only: it listens inside a
// network namespace that reaches nothing real. usage: vulnerable-app.ts PORT
import { execSync } from 'node:child_process';
import { createServer } from 'node:http';

const [port = '3000'] = process.argv.slice(2);

/** The hole: the parameter becomes part of a shell command line, run synchronously, so that requests queue behind a shell. */
function joke(category: string): string {
  const command = `curl -s -m 3 http://jokes.example/${category}`;
  try {
    return execSync(command, { shell: '/bin/bash', timeout: 120_000, encoding: 'latin1', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return 'no joke today\n';
  }
}

createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://app.example');
  response.setHeader('content-type', 'text/plain');
  response.end(url.pathname === '/dangerzone' ? joke(url.searchParams.get('category') ?? '') : 'Jokes as a service\n');
}).listen(Number(port));
