import { parentPort, workerData } from 'node:worker_threads';
import { loadKernels } from '../../native/load-kernels.js';
import { AdmissionScan, type ScanMode } from './admission-scan.js';

/** A message from the scanner to its thread, one picture at a time. */
export interface PictureRequest {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly mode: ScanMode;
}

/** A frame of a clip. */
export interface FrameRequest {
  readonly i420: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export type AdmissionRequest = PictureRequest | FrameRequest;

/** The thread's start data. */
const { retail } = workerData as { readonly retail: boolean };
const scan = await AdmissionScan.open(loadKernels(), retail);
parentPort!.on('message', (request: AdmissionRequest) => {
  const { width, height } = request;
  if ('i420' in request) parentPort!.postMessage(scan.scanFrame(request.i420, width, height));
  else parentPort!.postMessage(scan.scanPicture(request.rgba, width, height, request.mode));
});
