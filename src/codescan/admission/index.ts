/** Finds codes in a picture before it may go on air. It is slower and more thorough than the scan of frames. */
export * from './admission-scan.js';
export * from './admission-scanner.js';
