// What imports cannot show: globals of Node, clocks and randomness in the folders that must be pure.

import ts from 'typescript';

/** Globals that only Node has, or that reach outside. `globalThis.Buffer`, asked for and checked, is a property and passes. */
const forbiddenGlobals = new Set([
  ...['process', 'Buffer', 'require', '__dirname', '__filename', 'global', 'console', 'performance', 'crypto', 'fetch'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
]);
const forbiddenMembers = new Set(['Math.random', 'Date.now']);

/** The impure expressions of one source file, each as `path:line: impure: …`. Comments and strings do not count. */
export function impurities(path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2023, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const what = impurity(node);
    if (what !== undefined) {
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
      found.push(`${path}:${line}: impure: uses ${what}. Pass what it needs (time, a port, a seed) as an argument.`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function impurity(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && forbiddenMembers.has(node.getText())) return node.getText();
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0) return 'new Date()';
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isIdentifier(node) && forbiddenGlobals.has(node.text) && isReference(node)) return node.text;
  return undefined;
}

/** Whether an identifier reads a variable, and is not the name of a member, a parameter or a declaration. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  return !('name' in parent && parent.name === node);
}
