import { parentPort } from 'node:worker_threads';
import { loadKernels } from '../../native/load-kernels.js';
import { AdmissionScan, type ScanMode } from './admission-scan.js';

/** What the scanner sends to its thread, one picture at a time. */
export interface AdmissionRequest {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly mode: ScanMode;
}

const scan = await AdmissionScan.open(loadKernels());
parentPort!.on('message', ({ rgba, width, height, mode }: AdmissionRequest) => {
  parentPort!.postMessage(scan.scanPicture(rgba, width, height, mode));
});
