// `npm run audit`: known vulnerabilities of all that is installed, tools included. Where the registry does not answer, that is said, and
// is no failure: CI must run without a network. A known vulnerability is one.
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--json'], {
  encoding: 'utf8',
  maxBuffer: 1 << 26,
  shell: process.platform === 'win32',
});
const report = (() => {
  try {
    return JSON.parse(stdout);
  } catch {
    return {};
  }
})();
if (!report.vulnerabilities) console.log('skipped: the registry answers no audit');
else {
  const found = Object.values(report.vulnerabilities);
  for (const { name, severity, range } of found) console.error(`${severity}: ${name} ${range}`);
  if (!found.length) console.log('no known vulnerability');
  process.exitCode = found.length ? 1 : 0;
}
