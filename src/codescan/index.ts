/** Finds codes in a plane of pixels: the scanner of frames on air, its threads and its shared memory. */
export * from './code-reader.js';
export * from './jobs/frame-scanner.js';
export * from './jobs/frame-scanner-client.js';
export * from './jobs/scan-memory.js';
export * from './pipeline/rect-lists.js';
export * from './pipeline/rgba-planes.js';
