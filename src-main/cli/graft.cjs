#!/usr/bin/env node
// Runs the command line on a Node that reads TypeScript: this one where it is new enough, else the one that npm
// installed with the project. Plain JavaScript, because an old Node has to read it.
'use strict';
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
// 22.18 is the first that runs .ts without a flag.
const isNewEnough = major > 22 || (major === 22 && minor >= 18);

if (isNewEnough) {
  void import(pathToFileURL(path.join(__dirname, 'main.ts')).href);
} else {
  const node = findNode();
  if (node === undefined) {
    console.error(`Graft needs Node 22.18 or newer, and this is ${process.versions.node}: install one, or run npm ci.`);
    process.exitCode = 1;
  } else runWith(node);
}

/** @returns {string | undefined} */
function findNode() {
  const root = path.join(__dirname, '..', '..');
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const program = path.join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', name);
  return existsSync(program) ? program : undefined;
}

/** @param {string} node */
function runWith(node) {
  const child = spawn(node, [__filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal's Ctrl-C reaches the child by itself; a signal to this process alone has to be passed on.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
