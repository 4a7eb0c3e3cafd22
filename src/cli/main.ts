#!/usr/bin/env node
import './process-setup.js';

// A dynamic import: static imports load before the set-up, which may restart the process.
await import('./program.js');
