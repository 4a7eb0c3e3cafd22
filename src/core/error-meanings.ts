import type { ErrorCode } from './errors.js';

/** The meaning of each code and the remedy, in one line each. `docs/errors.md` is made from this table. */
export interface ErrorMeaning {
  readonly meaning: string;
  readonly todo: string;
}

/** A code without a line here does not compile. */
export const ERROR_MEANINGS: Record<ErrorCode, ErrorMeaning> = {
  E_ROOM_JSON: {
    meaning: 'The room file cannot be read, or is not JSON.',
    todo: 'Correct the line that the message names. `engine new` makes a room to start from.',
  },
  E_ROOM_INVALID: {
    meaning: 'A value of the room file has the wrong type or range, or a key is unknown.',
    todo: 'Run `engine check FILE`; it lists every such value with the expected one.',
  },
  E_ROOM_REFUSED: {
    meaning: 'The room asks for something that a rule of the platforms forbids.',
    todo: 'Change the setting that the message names, or declare the missing right.',
  },
  E_ROOM_CHANGED: {
    meaning: 'The file changed on disk since it was read, or another edit came before an undo had its turn.',
    todo: 'Look at both; save with `force: true` to write into the changed file, or undo again to take the newer edit back.',
  },
  E_ROOM_OFF: {
    meaning: 'The room does not run at present, so that there is nothing to ask or to change on air.',
    todo: 'Start it, or open its preview.',
  },
  E_IN_USE: {
    meaning: 'The id is taken, or something that uses this product or track would break.',
    todo: 'Remove the uses that the message names first, or mark the product as sold out.',
  },
  E_ENV_MISSING: {
    meaning: 'The room file names an environment variable that is not set.',
    todo: 'Set the variable before the start, or in the file of `engine install --env`.',
  },
  E_ASSET_MISSING: {
    meaning: 'A picture, sound or clip is not there, or may not be read from that folder.',
    todo: 'Check the path; it is relative to the room file. Over the API see `control.assetFolders`.',
  },
  E_ASSET_INVALID: {
    meaning: 'A file is damaged, or has a format that is not supported.',
    todo: 'Save it again as PNG, SVG, WAV, FLAC or MP4.',
  },
  E_ASSET_TOO_LARGE: {
    meaning: 'A picture or clip is over a limit of bytes, pixels or length.',
    todo: 'Save it smaller, or show fewer clips at once. The message names the limit.',
  },
  E_ASSET_TOO_COMPLEX: {
    meaning: 'Drawing a picture takes too much time or memory.',
    todo: 'Flatten the drawing, turn texts into paths, or save it as PNG.',
  },
  E_ASSET_REFUSED: {
    meaning: 'A picture or clip shows a code or words that break a rule.',
    todo: 'Remove what the message names. `engine scan FILE` shows where it is.',
  },
  E_SVG_UNSAFE: {
    meaning: 'An SVG reaches for the network, runs a script or embeds a page.',
    todo: 'Export the drawing with everything embedded.',
  },
  E_FONT: {
    meaning: 'The fonts of the package could not be unpacked.',
    todo: 'Free 40 MB, or set `XDG_CACHE_HOME` to a folder that can be written.',
  },
  E_LAYER_INVALID: {
    meaning: 'A layer is not allowed as it is, or the AI label would be removed.',
    todo: 'Correct the property that the message names.',
  },
  E_LAYER_UNKNOWN: {
    meaning: 'No layer has this id.',
    todo: 'Use one of the ids that the message lists.',
  },
  E_LISTING_FETCH: {
    meaning: 'A product page could not be fetched.',
    todo: 'Open the page in a browser, save it and use the saved file.',
  },
  E_LISTING_INVALID: {
    meaning: 'A product page or answer is damaged, or has no title or price to read.',
    todo: 'Save the page again once it has loaded completely.',
  },
  E_LLM_FAILED: {
    meaning: 'The language model gave no usable answer.',
    todo: 'Check `llm.baseUrl`, the model name and the key in the environment. The plain lines of the writer stand meanwhile.',
  },
  E_RECOGNISER_FAILED: {
    meaning: 'The recogniser gave no words for a piece of voice; the piece stays silent.',
    todo: 'Check `recogniser.baseUrl`, the model and the key, or the model folder. Without words in time nothing is heard.',
  },
  E_RECOGNISER_MISSING: {
    meaning: 'A voice cannot take over: nothing is there to write down what it says.',
    todo: 'Add the section `recogniser` to the room file, or take over with typed lines.',
  },
  E_TAKEOVER_OFF: {
    meaning: 'Nobody has taken over the show, or in another mode.',
    todo: 'Take it over first: `POST /api/takeover`.',
  },
  E_AVATAR_OFF: {
    meaning: 'The room takes no external avatar this way.',
    todo: 'Set `presenter.source` to `whip`, or push to `rtmp://host/avatar/KEY` (external-avatars.md).',
  },
  E_LISTING_PAGE: {
    meaning: 'The page is not the product: a login, a robot check, a removed or another product.',
    todo: 'Open the product in a browser, save the page and use the saved file.',
  },
  E_MODEL_FETCH: {
    meaning: 'A model could not be fetched: no network, a firewall, or a server that stops.',
    todo: 'Run `engine model install` again; it goes on where it stopped. Or name a proxy or a mirror, or use `--from`.',
  },
  E_MODEL_INVALID: {
    meaning: 'A file of a model is not the published one, byte for byte.',
    todo: 'Fetch it again, from another place if this repeats.',
  },
  E_MODEL_MISSING: {
    meaning: 'A model is not installed, or a folder lacks a file of it.',
    todo: '`engine model list` shows what there is, `engine model install NAME` fetches it.',
  },
  E_PRESENTER_INVALID: {
    meaning: 'A presenter pack is damaged or incomplete.',
    todo: 'Correct the part that the message names, or use `mei`, `leo` or `amara`.',
  },
  E_TEXT_REFUSED: {
    meaning: 'A text breaks a rule and may not be shown or spoken.',
    todo: 'Take out the words that the message names. `engine rules explain TEXT` says why.',
  },
  E_TEXT_TOO_LONG: {
    meaning: 'A text is longer than can be spoken or shown.',
    todo: 'Split it into several lines.',
  },
  E_VOICE_UNKNOWN: {
    meaning: 'No voice has this name or speaks this language.',
    todo: 'Choose one that `engine doctor --voices` lists.',
  },
  E_SPEECH_FAILED: {
    meaning: 'The voice gave no usable sound, or too many texts are waiting for it.',
    todo: 'Nothing: the line is left out and its process starts again. Look at the log if it lasts.',
  },
  E_SPEECH_TIMEOUT: {
    meaning: 'The voice did not answer in time.',
    todo: 'Shorten the text, or free the processor.',
  },
  E_FFMPEG_MISSING: {
    meaning: 'No ffmpeg that works was found.',
    todo: 'Install ffmpeg, or set `ENGINE_FFMPEG` to its path. `engine doctor` says what it lacks.',
  },
  E_ENCODER_DIED: {
    meaning: 'An encoder process ended by itself.',
    todo: 'Nothing: the next one takes over. If it repeats, look for a lack of memory.',
  },
  E_ENCODER_STALLED: {
    meaning: 'An encoder takes frames and gives no packets.',
    todo: 'Nothing: it is replaced. If it repeats, the machine is too slow: lower the size or the rate.',
  },
  E_BITSTREAM: {
    meaning: 'An encoder gave bytes that are not the expected stream.',
    todo: 'Use another ffmpeg by `ENGINE_FFMPEG`.',
  },
  E_OUTPUT_INVALID: {
    meaning: 'The address of an output has the wrong form.',
    todo: 'Copy server address and key from the platform and join them with "/".',
  },
  E_OUTPUT_REFUSED: {
    meaning: 'The platform refused the stream.',
    todo: 'Check the key, that it has not expired, and that nobody else publishes with it.',
  },
  E_OUTPUT_CONNECT: {
    meaning: 'No connection to the platform.',
    todo: 'Nothing: it is tried again. Check address, network and firewall.',
  },
  E_OUTPUT_LOST: {
    meaning: 'A connection that was live has ended.',
    todo: 'Nothing: it is connected again.',
  },
  E_OUTPUT_WEDGED: {
    meaning: 'The far side has stopped taking data while the connection stays open.',
    todo: 'Nothing: it is connected again.',
  },
  E_DISK_FULL: {
    meaning: 'A disk has no room for a recording, a clip or its cache.',
    todo: 'Free space. Recordings go on by themselves.',
  },
  E_RECORDING: {
    meaning: 'A recording cannot be written.',
    todo: 'Check the folder and its permissions; it is tried again.',
  },
  E_RTMP_PROTOCOL: {
    meaning: 'An RTMP server answered in a form that the protocol does not know.',
    todo: 'Nothing: it is tried again. Check that the address is an RTMP server.',
  },
  E_SDP_INVALID: {
    meaning: 'A WebRTC offer or answer cannot be used.',
    todo: 'Offer H.264 and Opus, receive only.',
  },
  E_TOO_MANY_VIEWERS: {
    meaning: 'All WebRTC places are taken.',
    todo: 'Send the token, raise `control.maxViewers`, or send viewers to a relay.',
  },
  E_PORT_IN_USE: {
    meaning: 'Another program uses the port.',
    todo: 'Choose another port in `control`, or 0 for any free one.',
  },
  E_UNAUTHORIZED: {
    meaning: 'The call has no token, or another one.',
    todo: 'Send `Authorization: Bearer TOKEN`. The token is printed at the start, or set by `ENGINE_TOKEN`.',
  },
  E_TOKEN_WEAK: {
    meaning: '`ENGINE_TOKEN` is too short, or has characters that a header cannot carry.',
    todo: 'Set 16 characters or more, or unset it and the engine makes one.',
  },
  E_FOREIGN_ORIGIN: {
    meaning: 'A browser sent a changing call for a page of another site.',
    todo: 'Send it from the engine’s own page, or from a program.',
  },
  E_FORBIDDEN: {
    meaning: 'Your role in this organisation does not allow that.',
    todo: 'Ask an owner to give you the role that the message names.',
  },
  E_TOO_MANY_REQUESTS: {
    meaning: 'This address sent many wrong tokens.',
    todo: 'Wait as long as `Retry-After` says. The right token is taken at once.',
  },
  E_NOT_FOUND: {
    meaning: 'There is nothing of this name or at this address.',
    todo: 'Use one of the names that the message lists.',
  },
  E_BAD_REQUEST: {
    meaning: 'The body or a parameter of a call is wrong, or too many lines wait.',
    todo: 'Correct what the message names; see docs/api.md.',
  },
  E_NATIVE: {
    meaning: 'The native addon is there and cannot be used.',
    todo: 'Run `npm rebuild`, or set `SHOWROOM_KERNELS=twin` to go without.',
  },
  E_LEDGER: {
    meaning: 'The ledger cannot be written or read.',
    todo: 'Check the folder, its permissions and the disk. The show goes on and keeps its lines.',
  },
  E_STORE: {
    meaning: 'The records of the shows cannot be read: there is no store, or it is damaged or from a newer engine.',
    todo: 'Check the path; a room writes its store beside its ledger once it is on air with `store.enabled`.',
  },
  E_RISK: {
    meaning: 'The saved risk score cannot be read or written.',
    todo: 'Check the file that the message names; a damaged one is moved away by hand.',
  },
  E_ROOM_RUNNING: {
    meaning: 'Another engine has this room on air.',
    todo: 'Stop that one, or give this room a `compliance.ledger` of its own.',
  },
  E_RULE_STOP: {
    meaning: 'A rule with the action `stop` was broken, and the show has ended.',
    todo: 'Read the entry: `engine ledger show --rule RULE`. Correct the room and start it again.',
  },
  E_SCAN_FAILED: {
    meaning: 'A picture could not be scanned or read, so it counts as not clean.',
    todo: 'Try again when the machine has memory and time.',
  },
  E_PACKAGE: {
    meaning: 'A file of the engine itself is missing.',
    todo: 'Install the package again.',
  },
  E_MODEL_FAILED: {
    meaning: 'A network that comes with the package gave no result.',
    todo: 'Run `engine doctor`; reinstall the package when its files are damaged.',
  },
  E_REDIS: {
    meaning: 'The Redis or Valkey of the fleet does not answer, or refuses.',
    todo: 'Start it, and check the address of `--redis`. Rooms that are on air go on meanwhile.',
  },
  E_FLEET: {
    meaning: 'The fleet cannot do this now: no worker fits, a limit is reached, or a worker does not answer.',
    todo: 'Do what the message names; `engine fleet status` shows workers and rooms.',
  },
  E_FLEET_STORE: {
    meaning: 'The shared folder or bucket of the fleet cannot be read or written.',
    todo: 'Mount it, make room on its disk, or check the keys of the bucket.',
  },
  E_LEASE_LOST: {
    meaning: 'A worker could not renew the lease of a room in time, so that the room has ended here.',
    todo: 'Nothing: another worker takes it. If it happens often, look at the network and the load of the machine.',
  },
  E_SEALED: {
    meaning: 'A secret was sealed for another key, or the key of the fleet is missing.',
    todo: 'Give every worker the same key file (`engine fleet key`), and submit the room again.',
  },
  E_CLOSED: {
    meaning: 'The room is ending and takes no more.',
    todo: 'Send it to the next show.',
  },
  E_TIMEOUT: {
    meaning: 'Something did not answer in time.',
    todo: 'Send it again. If it repeats, the machine is too busy.',
  },
  E_INTERNAL: {
    meaning: 'A fault of the engine.',
    todo: 'Report it with the log.',
  },
};
