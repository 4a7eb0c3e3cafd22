import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../../src/core/files/paths.js';
// @ts-expect-error: a plain module without declarations
import { importFaults } from '../../../scripts/lint/check-imports.mjs';

const faultsOf = importFaults as (root: string, table?: object) => string[];

const TABLE = {
  floors: [['top'], ['left', 'right'], ['ground']],
  doors: { ground: ['index.ts'] },
  framePath: { entry: 'src/top/tick.ts', unmarked: [] },
};

const tree = (root: string, files: Record<string, string>): string => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
};

t.test('holds the sources to the table of imports', async (t) => t.same(faultsOf(packageRoot()), []));

t.test('reports an import that points up, one between siblings, and one around a door', async (t) => {
  const root = tree(t.testdir(), {
    'src/top/a.ts': `import { b } from '../left/b.js';\n`,
    'src/left/b.ts': `import type { A } from '../top/a.js';\nimport { c } from '../right/c.js';\n`,
    'src/right/c.ts': `import { deep } from '../ground/deep/x.js';\nimport { door } from '../ground/index.js';\n`,
    'src/ground/index.ts': `export {};\n`,
    'src/ground/deep/x.ts': `export {};\n`,
  });
  const faults = faultsOf(root, TABLE);
  t.match(
    faults.find((f) => f.startsWith('src/left/b.ts: imports src/top/a.ts')),
    /point down/,
  );
  t.match(
    faults.find((f) => f.startsWith('src/left/b.ts: imports src/right/c.ts')),
    /one floor/,
  );
  t.match(
    faults.find((f) => f.startsWith('src/right/c.ts')),
    /enter src\/ground by index\.ts/,
  );
  t.ok(
    faults.some((f) => f.includes('in a circle')),
    'a circle of types is a circle',
  );
  t.equal(faults.length, 4);
});

t.test('reports an unknown folder, and a file reached from the tick without its mark', async (t) => {
  const root = tree(t.testdir(), {
    'src/top/tick.ts': `// frame path\nimport { q } from '../left/q.js';\nimport type { w } from '../left/w.js';\n`,
    'src/left/q.ts': `export const q = 1;\n`,
    'src/left/w.ts': `// frame path\nexport const w = JSON.parse('1'); // await is only a word here\n`,
    'src/left/e.ts': `export {};\n`,
    'src/attic/r.ts': `export {};\n`,
  });
  t.same(
    faultsOf(root, TABLE).map((f) => f.replace(/,.*/, '')),
    [
      'src/attic/r.ts: src/attic is not in scripts/lint/arrows.json',
      'src/left/q.ts: reached from src/top/tick.ts',
      'src/left/w.ts: JSON on the frame path',
    ],
  );
});

t.test('reports a script that imports from a test folder other than the kit', async (t) => {
  const root = tree(t.testdir(), {
    'src/top/a.ts': `export {};\n`,
    'scripts/bench.ts': `import { kit } from '../test/kit/on-air.js';\nimport { odd } from '../test/left/odd.js';\n`,
    'scripts/deep/bench.mjs': `const odd = await import('../../test/odd.js');\n`,
  });
  t.same(faultsOf(root, TABLE), [
    'scripts/bench.ts: imports test/left/odd.js; scripts import test/kit only',
    'scripts/deep/bench.mjs: imports test/odd.js; scripts import test/kit only',
  ]);
});
