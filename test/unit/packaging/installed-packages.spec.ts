import { expect, test } from 'vitest';
import { differingPackages, outdatedPackages } from '../../../tools/lib/installed-packages.ts';

test('node_modules is what the lock file says', () => {
  expect(outdatedPackages()).toEqual([]);
});

test('packages that are missing or of another version are named, optional ones may be missing', () => {
  const wanted = {
    '': { version: '1.0.0' },
    'node_modules/same': { version: '1.0.0' },
    'node_modules/older': { version: '2.0.0' },
    'node_modules/@some/missing': { version: '3.0.0' },
    'node_modules/elsewhere': { version: '4.0.0', optional: true },
  };
  const installed = { 'node_modules/same': { version: '1.0.0' }, 'node_modules/older': { version: '1.9.0' } };
  expect(differingPackages(wanted, installed)).toEqual(['older@2.0.0', '@some/missing@3.0.0']);
});
