// The window of the VS Code server: this machine's Chromium, headless, cut off from everything but this machine.
import { chromium } from 'playwright-core';
import { findChromium } from './hosts.mjs';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=LocalNetworkAccessChecks', // a webview in the browser's VS Code is a page of another name of this machine
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost',
];

export const launch = () => chromium.launch({ executablePath: findChromium(), headless: true, args: ARGS });
