#!/usr/bin/env node
import './process-setup.js';

// Not a static import: all that is imported statically is loaded before the set-up runs, which may begin the process anew.
await import('./program.js');
