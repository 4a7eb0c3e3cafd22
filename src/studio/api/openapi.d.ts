// Written by `npm run tool -- write-api-types` from the server's description edac8d6fbb1d6ea6.
export interface paths {
  readonly '/api/audit': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly entries: readonly {
                readonly action: string;
                readonly after: unknown;
                readonly at: string;
                readonly before: unknown;
                readonly by: {
                  readonly id: string;
                  readonly name: string;
                };
                readonly id: number;
                readonly room: string | null;
                readonly what: string;
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/camera/extension.zip': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/camera/showroom-camera.user.js': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/destination-presets': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly presets: readonly ({
                readonly id: string;
                readonly keyHelp: {
                  readonly en: string;
                  readonly zh: string;
                };
                /** @enum {string} */
                readonly kind: 'rtmp' | 'srt' | 'whip' | 'recording' | 'camera';
                readonly name: {
                  readonly en: string;
                  readonly zh: string;
                };
                readonly servers: readonly {
                  readonly name: string;
                  readonly url: string;
                }[];
              } & {
                readonly [key: string]: unknown;
              })[];
            };
          };
        };
      };
    };
  };
  readonly '/api/destinations': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly destinations: readonly {
                readonly hasBackup: boolean;
                readonly hasKey: boolean;
                readonly hasPassphrase: boolean;
                readonly id: string;
                /** @description Last characters of the key; the key itself is never answered */
                readonly keyEnd: string | null;
                /** @enum {string} */
                readonly kind: 'rtmp' | 'srt' | 'whip' | 'recording' | 'camera';
                readonly lastTest: unknown;
                readonly latencyMs: number | null;
                readonly name: string;
                readonly preset: string;
                readonly required: boolean;
                readonly rooms: readonly string[];
                readonly server: string;
              }[];
            };
          };
        };
      };
    };
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly hasBackup: boolean;
              readonly hasKey: boolean;
              readonly hasPassphrase: boolean;
              readonly id: string;
              /** @description Last characters of the key; the key itself is never answered */
              readonly keyEnd: string | null;
              /** @enum {string} */
              readonly kind: 'rtmp' | 'srt' | 'whip' | 'recording' | 'camera';
              readonly lastTest: unknown;
              readonly latencyMs: number | null;
              readonly name: string;
              readonly preset: string;
              readonly required: boolean;
              readonly rooms: readonly string[];
              readonly server: string;
            };
          };
        };
        readonly 201: {
          content: {
            readonly 'application/json': {
              readonly hasBackup: boolean;
              readonly hasKey: boolean;
              readonly hasPassphrase: boolean;
              readonly id: string;
              /** @description Last characters of the key; the key itself is never answered */
              readonly keyEnd: string | null;
              /** @enum {string} */
              readonly kind: 'rtmp' | 'srt' | 'whip' | 'recording' | 'camera';
              readonly lastTest: unknown;
              readonly latencyMs: number | null;
              readonly name: string;
              readonly preset: string;
              readonly required: boolean;
              readonly rooms: readonly string[];
              readonly server: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/destinations/{destination}': {
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
    readonly patch: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly hasBackup: boolean;
              readonly hasKey: boolean;
              readonly hasPassphrase: boolean;
              readonly id: string;
              /** @description Last characters of the key; the key itself is never answered */
              readonly keyEnd: string | null;
              /** @enum {string} */
              readonly kind: 'rtmp' | 'srt' | 'whip' | 'recording' | 'camera';
              readonly lastTest: unknown;
              readonly latencyMs: number | null;
              readonly name: string;
              readonly preset: string;
              readonly required: boolean;
              readonly rooms: readonly string[];
              readonly server: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/destinations/{destination}/test': {
    readonly post: {
      readonly responses: {
        readonly 202: {
          content: {
            readonly 'application/json': {
              readonly createdAt: string;
              readonly endedAt: string | null;
              readonly error: {
                readonly code: string;
                readonly details: {
                  readonly [key: string]: unknown;
                };
                readonly expected?: string;
                readonly found?: string;
                readonly message: string;
                readonly todo?: string;
                readonly where: string;
              } | null;
              readonly id: string;
              readonly kind: string;
              readonly result: unknown;
              readonly room: string | null;
              /** @enum {string} */
              readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
              readonly steps: readonly {
                readonly done?: number;
                readonly id: string;
                readonly note?: {
                  readonly en: string;
                  readonly zh: string;
                };
                readonly of?: number;
                /** @enum {string} */
                readonly state: 'waiting' | 'running' | 'done' | 'failed';
                readonly text: {
                  readonly en: string;
                  readonly zh: string;
                };
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/fleet': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly fleet: {
                readonly rooms: readonly {
                  /** @description The newest one */
                  readonly alarm: {
                    readonly isOver: boolean;
                    /** @enum {string} */
                    readonly severity: 'critical' | 'warning';
                    readonly since: string;
                    readonly text: {
                      readonly en: string;
                      readonly zh: string;
                    };
                  } | null;
                  readonly error: string;
                  /** @description The fleet’s id */
                  readonly id: string;
                  readonly language: string;
                  readonly line: string | null;
                  readonly name: string;
                  readonly owner: string;
                  readonly presenter: string | null;
                  /** @description The room of this studio; null for one that was submitted elsewhere */
                  readonly room: string | null;
                  readonly show: string | null;
                  /** @description The last change of state */
                  readonly since: string | null;
                  /** @enum {string} */
                  readonly state: 'waiting' | 'starting' | 'on-air' | 'draining' | 'scheduled' | 'failed';
                  readonly worker: string | null;
                }[];
                readonly workers: readonly {
                  /** @description In reference rooms: 720×1280 at 30 frames a second */
                  readonly capacity: number;
                  /** @description Rooms on air under a claim in the store, because Redis was out of reach */
                  readonly claimed: number;
                  readonly draining: boolean;
                  readonly labels: {
                    readonly [key: string]: string;
                  };
                  readonly name: string;
                  readonly rooms: number;
                  readonly used: number;
                  readonly version: string;
                }[];
              } | null;
            };
          };
        };
      };
    };
  };
  readonly '/api/gallery': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly backgrounds: readonly {
                readonly name: string;
                readonly picture: string;
              }[];
              readonly music: readonly {
                readonly name: string;
                readonly sound: string;
              }[];
              readonly presenters: readonly {
                readonly about: {
                  readonly en: string;
                  readonly zh: string;
                };
                readonly looks: readonly string[];
                readonly name: string;
                readonly still: string;
                readonly title: {
                  readonly en: string;
                  readonly zh: string;
                };
              }[];
              readonly stickers: readonly {
                readonly name: string;
                readonly picture: string;
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/invitations/{code}': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly email: string;
              readonly expiresAt: string;
              readonly inviter: string;
              /** @description The address has an account: its own password joins */
              readonly known: boolean;
              readonly organisation: string;
              /** @enum {string} */
              readonly role: 'viewer' | 'moderator' | 'operator' | 'editor' | 'owner';
            };
          };
        };
      };
    };
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/jobs': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly jobs: readonly {
                readonly createdAt: string;
                readonly endedAt: string | null;
                readonly error: {
                  readonly code: string;
                  readonly details: {
                    readonly [key: string]: unknown;
                  };
                  readonly expected?: string;
                  readonly found?: string;
                  readonly message: string;
                  readonly todo?: string;
                  readonly where: string;
                } | null;
                readonly id: string;
                readonly kind: string;
                readonly result: unknown;
                readonly room: string | null;
                /** @enum {string} */
                readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
                readonly steps: readonly {
                  readonly done?: number;
                  readonly id: string;
                  readonly note?: {
                    readonly en: string;
                    readonly zh: string;
                  };
                  readonly of?: number;
                  /** @enum {string} */
                  readonly state: 'waiting' | 'running' | 'done' | 'failed';
                  readonly text: {
                    readonly en: string;
                    readonly zh: string;
                  };
                }[];
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/jobs/{job}': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly createdAt: string;
              readonly endedAt: string | null;
              readonly error: {
                readonly code: string;
                readonly details: {
                  readonly [key: string]: unknown;
                };
                readonly expected?: string;
                readonly found?: string;
                readonly message: string;
                readonly todo?: string;
                readonly where: string;
              } | null;
              readonly id: string;
              readonly kind: string;
              readonly result: unknown;
              readonly room: string | null;
              /** @enum {string} */
              readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
              readonly steps: readonly {
                readonly done?: number;
                readonly id: string;
                readonly note?: {
                  readonly en: string;
                  readonly zh: string;
                };
                readonly of?: number;
                /** @enum {string} */
                readonly state: 'waiting' | 'running' | 'done' | 'failed';
                readonly text: {
                  readonly en: string;
                  readonly zh: string;
                };
              }[];
            };
          };
        };
      };
    };
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/keys': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly keys: readonly {
                readonly createdAt: string;
                readonly expiresAt: string | null;
                readonly id: string;
                readonly lastUsedAt: string | null;
                readonly name: string;
                /** @enum {string} */
                readonly role: 'viewer' | 'moderator' | 'operator' | 'editor' | 'owner';
                readonly start: string;
              }[];
            };
          };
        };
      };
    };
    readonly post: {
      readonly responses: {
        readonly 201: {
          content: {
            readonly 'application/json': {
              readonly id: string;
              readonly key: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/keys/{key}': {
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/live': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly epoch: string;
              readonly seq: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/machine': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly cores: number;
              /** @description Share of all cores since the last call */
              readonly cpu: number;
              readonly disk: {
                readonly freeMb: number;
                readonly totalMb: number;
              };
              readonly load: number;
              readonly memory: {
                readonly totalMb: number;
                readonly usedMb: number;
              };
              readonly rooms: readonly {
                readonly cpu: number;
                readonly id: string;
                readonly rssMb: number;
              }[];
              readonly studio: {
                readonly rssMb: number;
              };
            };
          };
        };
      };
    };
  };
  readonly '/api/me': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly organisation: string | null;
              readonly organisations: readonly {
                readonly id: string;
                readonly name: string;
                /** @enum {string} */
                readonly role: 'viewer' | 'moderator' | 'operator' | 'editor' | 'owner';
                readonly slug: string;
              }[];
              readonly rights: readonly ('viewer' | 'moderator' | 'operator' | 'editor' | 'owner')[];
              readonly role: ('viewer' | 'moderator' | 'operator' | 'editor' | 'owner') | null;
              readonly user: {
                readonly email: string;
                readonly id: string;
                readonly name: string;
                readonly twoFactorEnabled: boolean;
              } | null;
            };
          };
        };
      };
    };
    readonly patch: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/me/organisation': {
    readonly post: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/media/pictures': {
    readonly post: {
      readonly responses: {
        readonly 201: {
          content: {
            readonly 'application/json': {
              /** @description Below the media folder */
              readonly path: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/models': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly models: readonly ({
                readonly bytes: number;
                readonly doneBytes: number;
                readonly name: string;
                readonly state: string;
              } & {
                readonly [key: string]: unknown;
              })[];
            };
          };
        };
      };
    };
  };
  readonly '/api/models/{name}': {
    readonly post: {
      readonly responses: {
        readonly 202: {
          content: {
            readonly 'application/json': {
              readonly bytes: number;
              readonly doneBytes: number;
              readonly name: string;
              readonly state: string;
            } & {
              readonly [key: string]: unknown;
            };
          };
        };
      };
    };
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/people': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly invitations: readonly {
                readonly email: string;
                readonly expiresAt: string;
                readonly id: string;
                /** @enum {string} */
                readonly role: 'viewer' | 'moderator' | 'operator' | 'editor' | 'owner';
              }[];
              readonly people: readonly {
                readonly email: string;
                readonly lastSeenAt: string | null;
                readonly name: string;
                /** @enum {string} */
                readonly role: 'viewer' | 'moderator' | 'operator' | 'editor' | 'owner';
                readonly twoFactor: boolean;
                readonly userId: string;
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/people/{userId}': {
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
    readonly patch: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/people/{userId}/reset': {
    readonly post: {
      readonly responses: {
        readonly 201: {
          content: {
            readonly 'application/json': {
              readonly expiresAt: string;
              readonly link: string;
              readonly mailed: boolean;
            };
          };
        };
      };
    };
  };
  readonly '/api/people/invitations': {
    readonly post: {
      readonly responses: {
        readonly 201: {
          content: {
            readonly 'application/json': {
              readonly expiresAt: string;
              readonly link: string;
              readonly mailed: boolean;
            };
          };
        };
      };
    };
  };
  readonly '/api/people/invitations/{invitation}': {
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/presenters/film-text': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly text: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/push': {
    readonly post: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/push/key': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly key: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/reset': {
    readonly post: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/reset/request': {
    readonly post: {
      readonly responses: {
        readonly 202: {
          content: {
            readonly 'application/json': {
              /** @description Whether this studio sends mail at all */
              readonly mailed: boolean;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly rooms: readonly {
                readonly destinations: number;
                readonly height: number;
                readonly id: string;
                readonly language: string;
                /** @enum {string} */
                readonly orientation: 'portrait' | 'landscape';
                readonly position: number;
                readonly process: {
                  /** @description Why the engine ended last; empty while all is well */
                  readonly error: string;
                  /** @description Destinations that are to be on air now */
                  readonly live: readonly string[];
                  readonly pid: number | null;
                  readonly restarts: number;
                  readonly since: string | null;
                  readonly startedBy: string;
                  /** @enum {string} */
                  readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
                  /**
                   * @description What it was last asked to be
                   * @enum {string}
                   */
                  readonly wanted: 'off' | 'preview' | 'on-air';
                };
                readonly products: number;
                readonly still: string;
                readonly template: string | null;
                readonly title: string;
                readonly updatedAt: string;
                readonly updatedBy: string;
                readonly version: number;
                readonly width: number;
              }[];
            };
          };
        };
      };
    };
    readonly post: {
      readonly responses: {
        readonly 201: {
          content: {
            readonly 'application/json': {
              readonly destinations: number;
              readonly height: number;
              readonly id: string;
              readonly language: string;
              /** @enum {string} */
              readonly orientation: 'portrait' | 'landscape';
              readonly position: number;
              readonly process: {
                /** @description Why the engine ended last; empty while all is well */
                readonly error: string;
                /** @description Destinations that are to be on air now */
                readonly live: readonly string[];
                readonly pid: number | null;
                readonly restarts: number;
                readonly since: string | null;
                readonly startedBy: string;
                /** @enum {string} */
                readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
                /**
                 * @description What it was last asked to be
                 * @enum {string}
                 */
                readonly wanted: 'off' | 'preview' | 'on-air';
              };
              readonly products: number;
              readonly still: string;
              readonly template: string | null;
              readonly title: string;
              readonly updatedAt: string;
              readonly updatedBy: string;
              readonly version: number;
              readonly width: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly destinations: number;
              readonly height: number;
              readonly id: string;
              readonly language: string;
              /** @enum {string} */
              readonly orientation: 'portrait' | 'landscape';
              readonly position: number;
              readonly process: {
                /** @description Why the engine ended last; empty while all is well */
                readonly error: string;
                /** @description Destinations that are to be on air now */
                readonly live: readonly string[];
                readonly pid: number | null;
                readonly restarts: number;
                readonly since: string | null;
                readonly startedBy: string;
                /** @enum {string} */
                readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
                /**
                 * @description What it was last asked to be
                 * @enum {string}
                 */
                readonly wanted: 'off' | 'preview' | 'on-air';
              };
              readonly products: number;
              readonly still: string;
              readonly template: string | null;
              readonly title: string;
              readonly updatedAt: string;
              readonly updatedBy: string;
              readonly version: number;
              readonly width: number;
            };
          };
        };
      };
    };
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
    readonly patch: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly destinations: number;
              readonly height: number;
              readonly id: string;
              readonly language: string;
              /** @enum {string} */
              readonly orientation: 'portrait' | 'landscape';
              readonly position: number;
              readonly process: {
                /** @description Why the engine ended last; empty while all is well */
                readonly error: string;
                /** @description Destinations that are to be on air now */
                readonly live: readonly string[];
                readonly pid: number | null;
                readonly restarts: number;
                readonly since: string | null;
                readonly startedBy: string;
                /** @enum {string} */
                readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
                /**
                 * @description What it was last asked to be
                 * @enum {string}
                 */
                readonly wanted: 'off' | 'preview' | 'on-air';
              };
              readonly products: number;
              readonly still: string;
              readonly template: string | null;
              readonly title: string;
              readonly updatedAt: string;
              readonly updatedBy: string;
              readonly version: number;
              readonly width: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/alarms/{alarm}/acknowledge': {
    readonly post: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/rooms/{id}/ask': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/camera': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly address: string;
              readonly token: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/check': {
    readonly post: {
      readonly responses: {
        readonly 202: {
          content: {
            readonly 'application/json': {
              readonly createdAt: string;
              readonly endedAt: string | null;
              readonly error: {
                readonly code: string;
                readonly details: {
                  readonly [key: string]: unknown;
                };
                readonly expected?: string;
                readonly found?: string;
                readonly message: string;
                readonly todo?: string;
                readonly where: string;
              } | null;
              readonly id: string;
              readonly kind: string;
              readonly result: unknown;
              readonly room: string | null;
              /** @enum {string} */
              readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
              readonly steps: readonly {
                readonly done?: number;
                readonly id: string;
                readonly note?: {
                  readonly en: string;
                  readonly zh: string;
                };
                readonly of?: number;
                /** @enum {string} */
                readonly state: 'waiting' | 'running' | 'done' | 'failed';
                readonly text: {
                  readonly en: string;
                  readonly zh: string;
                };
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/destinations': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly destinations: readonly {
                readonly hasBackup: boolean;
                readonly hasKey: boolean;
                readonly hasPassphrase: boolean;
                readonly id: string;
                /** @description Last characters of the key; the key itself is never answered */
                readonly keyEnd: string | null;
                /** @enum {string} */
                readonly kind: 'rtmp' | 'srt' | 'whip' | 'recording' | 'camera';
                readonly lastTest: unknown;
                readonly latencyMs: number | null;
                readonly live: boolean;
                readonly name: string;
                readonly preset: string;
                readonly required: boolean;
                readonly rooms: readonly string[];
                readonly server: string;
              }[];
            };
          };
        };
      };
    };
    readonly put: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/rooms/{id}/destinations/{destination}/off': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              /** @description Why the engine ended last; empty while all is well */
              readonly error: string;
              /** @description Destinations that are to be on air now */
              readonly live: readonly string[];
              readonly pid: number | null;
              readonly restarts: number;
              readonly since: string | null;
              readonly startedBy: string;
              /** @enum {string} */
              readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
              /**
               * @description What it was last asked to be
               * @enum {string}
               */
              readonly wanted: 'off' | 'preview' | 'on-air';
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/destinations/{destination}/on': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              /** @description Why the engine ended last; empty while all is well */
              readonly error: string;
              /** @description Destinations that are to be on air now */
              readonly live: readonly string[];
              readonly pid: number | null;
              readonly restarts: number;
              readonly since: string | null;
              readonly startedBy: string;
              /** @enum {string} */
              readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
              /**
               * @description What it was last asked to be
               * @enum {string}
               */
              readonly wanted: 'off' | 'preview' | 'on-air';
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/file': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly etag: string;
              readonly room: {
                readonly [key: string]: unknown;
              };
              readonly savedAt: string;
              readonly savedBy: {
                readonly id: string;
                readonly name: string;
              };
              readonly version: number;
            };
          };
        };
      };
    };
    readonly put: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly changed: readonly string[];
              readonly etag: string;
              /** @description Sections that the running room takes over at its next start */
              readonly needsRestart: readonly string[];
              readonly version: number;
            };
          };
        };
      };
    };
    readonly patch: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly changed: readonly string[];
              readonly etag: string;
              /** @description Sections that the running room takes over at its next start */
              readonly needsRestart: readonly string[];
              readonly version: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/files/{*}': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/fix': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly changed: readonly string[];
              readonly etag: string;
              /** @description Sections that the running room takes over at its next start */
              readonly needsRestart: readonly string[];
              readonly version: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/gallery': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly src: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/logs': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly lines: readonly string[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/media': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly media: readonly {
                readonly bytes: number;
                readonly id: string;
                /** @enum {string} */
                readonly kind: 'picture' | 'clip' | 'sound';
                readonly name: string;
                readonly picture: string | null;
                /** @description The path that the room file names */
                readonly src: string;
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/media/{file}': {
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/rooms/{id}/off-air': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              /** @description Why the engine ended last; empty while all is well */
              readonly error: string;
              /** @description Destinations that are to be on air now */
              readonly live: readonly string[];
              readonly pid: number | null;
              readonly restarts: number;
              readonly since: string | null;
              readonly startedBy: string;
              /** @enum {string} */
              readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
              /**
               * @description What it was last asked to be
               * @enum {string}
               */
              readonly wanted: 'off' | 'preview' | 'on-air';
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/presenters/film': {
    readonly post: {
      readonly responses: {
        readonly 202: {
          content: {
            readonly 'application/json': {
              readonly createdAt: string;
              readonly endedAt: string | null;
              readonly error: {
                readonly code: string;
                readonly details: {
                  readonly [key: string]: unknown;
                };
                readonly expected?: string;
                readonly found?: string;
                readonly message: string;
                readonly todo?: string;
                readonly where: string;
              } | null;
              readonly id: string;
              readonly kind: string;
              readonly result: unknown;
              readonly room: string | null;
              /** @enum {string} */
              readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
              readonly steps: readonly {
                readonly done?: number;
                readonly id: string;
                readonly note?: {
                  readonly en: string;
                  readonly zh: string;
                };
                readonly of?: number;
                /** @enum {string} */
                readonly state: 'waiting' | 'running' | 'done' | 'failed';
                readonly text: {
                  readonly en: string;
                  readonly zh: string;
                };
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/preview': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              /** @description Why the engine ended last; empty while all is well */
              readonly error: string;
              /** @description Destinations that are to be on air now */
              readonly live: readonly string[];
              readonly pid: number | null;
              readonly restarts: number;
              readonly since: string | null;
              readonly startedBy: string;
              /** @enum {string} */
              readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
              /**
               * @description What it was last asked to be
               * @enum {string}
               */
              readonly wanted: 'off' | 'preview' | 'on-air';
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/products/{product}': {
    readonly delete: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly changed: readonly string[];
              readonly etag: string;
              /** @description Sections that the running room takes over at its next start */
              readonly needsRestart: readonly string[];
              readonly version: number;
            };
          };
        };
      };
    };
    readonly patch: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly changed: readonly string[];
              readonly etag: string;
              /** @description Sections that the running room takes over at its next start */
              readonly needsRestart: readonly string[];
              readonly version: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/products/capture': {
    readonly post: {
      readonly responses: {
        readonly 202: {
          content: {
            readonly 'application/json': {
              readonly createdAt: string;
              readonly endedAt: string | null;
              readonly error: {
                readonly code: string;
                readonly details: {
                  readonly [key: string]: unknown;
                };
                readonly expected?: string;
                readonly found?: string;
                readonly message: string;
                readonly todo?: string;
                readonly where: string;
              } | null;
              readonly id: string;
              readonly kind: string;
              readonly result: unknown;
              readonly room: string | null;
              /** @enum {string} */
              readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
              readonly steps: readonly {
                readonly done?: number;
                readonly id: string;
                readonly note?: {
                  readonly en: string;
                  readonly zh: string;
                };
                readonly of?: number;
                /** @enum {string} */
                readonly state: 'waiting' | 'running' | 'done' | 'failed';
                readonly text: {
                  readonly en: string;
                  readonly zh: string;
                };
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/products/form': {
    readonly post: {
      readonly responses: {
        readonly 201: {
          content: {
            readonly 'application/json': {
              readonly changed: readonly string[];
              readonly etag: string;
              /** @description Sections that the running room takes over at its next start */
              readonly needsRestart: readonly string[];
              readonly product: {
                readonly [key: string]: unknown;
              };
              readonly version: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/products/link': {
    readonly post: {
      readonly responses: {
        readonly 202: {
          content: {
            readonly 'application/json': {
              readonly createdAt: string;
              readonly endedAt: string | null;
              readonly error: {
                readonly code: string;
                readonly details: {
                  readonly [key: string]: unknown;
                };
                readonly expected?: string;
                readonly found?: string;
                readonly message: string;
                readonly todo?: string;
                readonly where: string;
              } | null;
              readonly id: string;
              readonly kind: string;
              readonly result: unknown;
              readonly room: string | null;
              /** @enum {string} */
              readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
              readonly steps: readonly {
                readonly done?: number;
                readonly id: string;
                readonly note?: {
                  readonly en: string;
                  readonly zh: string;
                };
                readonly of?: number;
                /** @enum {string} */
                readonly state: 'waiting' | 'running' | 'done' | 'failed';
                readonly text: {
                  readonly en: string;
                  readonly zh: string;
                };
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/products/order': {
    readonly put: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly changed: readonly string[];
              readonly etag: string;
              /** @description Sections that the running room takes over at its next start */
              readonly needsRestart: readonly string[];
              readonly version: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/products/page': {
    readonly post: {
      readonly responses: {
        readonly 202: {
          content: {
            readonly 'application/json': {
              readonly createdAt: string;
              readonly endedAt: string | null;
              readonly error: {
                readonly code: string;
                readonly details: {
                  readonly [key: string]: unknown;
                };
                readonly expected?: string;
                readonly found?: string;
                readonly message: string;
                readonly todo?: string;
                readonly where: string;
              } | null;
              readonly id: string;
              readonly kind: string;
              readonly result: unknown;
              readonly room: string | null;
              /** @enum {string} */
              readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
              readonly steps: readonly {
                readonly done?: number;
                readonly id: string;
                readonly note?: {
                  readonly en: string;
                  readonly zh: string;
                };
                readonly of?: number;
                /** @enum {string} */
                readonly state: 'waiting' | 'running' | 'done' | 'failed';
                readonly text: {
                  readonly en: string;
                  readonly zh: string;
                };
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/report': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/report/sessions': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly sessions: readonly {
                /** @enum {string} */
                readonly ended: 'stopped' | 'failed' | 'killed' | 'on-air';
                readonly endedAt: string;
                readonly frames: number;
                readonly id: string;
                readonly late: number;
                readonly replaced: number;
                readonly startedAt: string;
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/restart': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              /** @description Why the engine ended last; empty while all is well */
              readonly error: string;
              /** @description Destinations that are to be on air now */
              readonly live: readonly string[];
              readonly pid: number | null;
              readonly restarts: number;
              readonly since: string | null;
              readonly startedBy: string;
              /** @enum {string} */
              readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
              /**
               * @description What it was last asked to be
               * @enum {string}
               */
              readonly wanted: 'off' | 'preview' | 'on-air';
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/save': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly changed: readonly string[];
              readonly etag: string;
              /** @description Sections that the running room takes over at its next start */
              readonly needsRestart: readonly string[];
              readonly version: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/schedules': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly schedules: readonly {
                readonly days: readonly number[];
                readonly destinations: readonly string[] | null;
                readonly enabled: boolean;
                readonly id: string;
                readonly last: {
                  readonly endsAt: string | null;
                  readonly error: string;
                  readonly startedAt: string;
                } | null;
                readonly minutes: number | null;
                readonly next: {
                  readonly endsAt: string | null;
                  readonly startsAt: string;
                } | null;
                /** @enum {string} */
                readonly repeat: 'once' | 'daily' | 'weekdays' | 'weekly';
                readonly room: string;
                readonly start: string;
                readonly timeZone: string;
              }[];
            };
          };
        };
      };
    };
    readonly post: {
      readonly responses: {
        readonly 201: {
          content: {
            readonly 'application/json': {
              readonly days: readonly number[];
              readonly destinations: readonly string[] | null;
              readonly enabled: boolean;
              readonly id: string;
              readonly last: {
                readonly endsAt: string | null;
                readonly error: string;
                readonly startedAt: string;
              } | null;
              readonly minutes: number | null;
              readonly next: {
                readonly endsAt: string | null;
                readonly startsAt: string;
              } | null;
              /** @enum {string} */
              readonly repeat: 'once' | 'daily' | 'weekdays' | 'weekly';
              readonly room: string;
              readonly start: string;
              readonly timeZone: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/schedules/{schedule}': {
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
    readonly patch: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly days: readonly number[];
              readonly destinations: readonly string[] | null;
              readonly enabled: boolean;
              readonly id: string;
              readonly last: {
                readonly endsAt: string | null;
                readonly error: string;
                readonly startedAt: string;
              } | null;
              readonly minutes: number | null;
              readonly next: {
                readonly endsAt: string | null;
                readonly startsAt: string;
              } | null;
              /** @enum {string} */
              readonly repeat: 'once' | 'daily' | 'weekdays' | 'weekly';
              readonly room: string;
              readonly start: string;
              readonly timeZone: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/script/judge': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly results: readonly {
                readonly hits: readonly {
                  readonly action: string;
                  readonly end: number;
                  readonly kind: string;
                  readonly match: string;
                  readonly rule: string;
                  readonly start: number;
                  readonly suggestion?: string;
                  readonly text: {
                    readonly en: string;
                    readonly zh: string;
                  };
                }[];
                readonly id: string;
                readonly seconds: number;
                readonly spokenAs: string;
                /** @enum {string} */
                readonly verdict: 'clean' | 'warn' | 'refused';
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/script/line': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly text: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/script/write': {
    readonly post: {
      readonly responses: {
        readonly 202: {
          content: {
            readonly 'application/json': {
              readonly createdAt: string;
              readonly endedAt: string | null;
              readonly error: {
                readonly code: string;
                readonly details: {
                  readonly [key: string]: unknown;
                };
                readonly expected?: string;
                readonly found?: string;
                readonly message: string;
                readonly todo?: string;
                readonly where: string;
              } | null;
              readonly id: string;
              readonly kind: string;
              readonly result: unknown;
              readonly room: string | null;
              /** @enum {string} */
              readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
              readonly steps: readonly {
                readonly done?: number;
                readonly id: string;
                readonly note?: {
                  readonly en: string;
                  readonly zh: string;
                };
                readonly of?: number;
                /** @enum {string} */
                readonly state: 'waiting' | 'running' | 'done' | 'failed';
                readonly text: {
                  readonly en: string;
                  readonly zh: string;
                };
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/secrets': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly secrets: readonly {
                readonly end: string | null;
                readonly name: string;
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/secrets/{name}': {
    readonly put: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              /** @enum {string} */
              readonly takesEffect: 'now' | 'next-start';
            };
          };
        };
      };
    };
    readonly delete: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              /** @enum {string} */
              readonly takesEffect: 'now' | 'next-start';
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/start': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              /** @description Why the engine ended last; empty while all is well */
              readonly error: string;
              /** @description Destinations that are to be on air now */
              readonly live: readonly string[];
              readonly pid: number | null;
              readonly restarts: number;
              readonly since: string | null;
              readonly startedBy: string;
              /** @enum {string} */
              readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
              /**
               * @description What it was last asked to be
               * @enum {string}
               */
              readonly wanted: 'off' | 'preview' | 'on-air';
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/still': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/stop': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              /** @description Why the engine ended last; empty while all is well */
              readonly error: string;
              /** @description Destinations that are to be on air now */
              readonly live: readonly string[];
              readonly pid: number | null;
              readonly restarts: number;
              readonly since: string | null;
              readonly startedBy: string;
              /** @enum {string} */
              readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
              /**
               * @description What it was last asked to be
               * @enum {string}
               */
              readonly wanted: 'off' | 'preview' | 'on-air';
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/versions': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly versions: readonly {
                readonly at: string;
                readonly by: {
                  readonly id: string;
                  readonly name: string;
                };
                readonly changed: readonly string[];
                readonly etag: string;
                readonly version: number;
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/versions/{version}': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly at: string;
              readonly by: {
                readonly id: string;
                readonly name: string;
              };
              readonly changed: readonly string[];
              readonly etag: string;
              readonly room: {
                readonly [key: string]: unknown;
              };
              readonly version: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/versions/{version}/restore': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly changed: readonly string[];
              readonly etag: string;
              /** @description Sections that the running room takes over at its next start */
              readonly needsRestart: readonly string[];
              readonly version: number;
            };
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/voice': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/rooms/{id}/voice-sample': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/rules': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly rules: readonly {
                readonly id: string;
                readonly text: {
                  readonly en: string;
                  readonly zh: string;
                };
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/settings/smtp': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly smtp: {
                readonly from: string;
                readonly hasPassword: boolean;
                readonly host: string;
                readonly port: number;
                readonly secure: boolean;
                readonly user: string;
              } | null;
            };
          };
        };
      };
    };
    readonly put: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
    readonly delete: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/api/settings/smtp/test': {
    readonly post: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly to: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/setup': {
    readonly post: {
      readonly responses: {
        readonly 201: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/setup/{code}': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly expiresAt: string;
              readonly ok: boolean;
            };
          };
        };
      };
    };
  };
  readonly '/api/setup/{code}/still': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/studio': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly demo: string | null;
              readonly languages: readonly {
                readonly english: string;
                readonly native: string;
                readonly tag: string;
              }[];
              readonly needsSetup: boolean;
              readonly noAuth: boolean;
              readonly smtp: boolean;
              readonly version: string;
            };
          };
        };
      };
    };
  };
  readonly '/api/templates': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly templates: readonly ({
                readonly category: {
                  readonly en: string;
                  readonly zh: string;
                } & {
                  readonly [key: string]: unknown;
                };
                readonly languages: readonly string[];
                readonly name: string;
                readonly presenter: string;
                readonly preview: {
                  readonly landscape: string;
                  readonly portrait: string;
                };
                readonly still: {
                  readonly landscape: string;
                  readonly portrait: string;
                  readonly product: string;
                };
              } & {
                readonly [key: string]: unknown;
              })[];
            };
          };
        };
      };
    };
  };
  readonly '/api/templates/{name}/{file}': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': unknown;
          };
        };
      };
    };
  };
  readonly '/api/voices': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly voices: readonly {
                readonly installed: boolean;
                readonly kind: string;
                readonly name: string;
                readonly provider: string;
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/wall': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly rooms: readonly {
                readonly room: {
                  readonly destinations: number;
                  readonly height: number;
                  readonly id: string;
                  readonly language: string;
                  /** @enum {string} */
                  readonly orientation: 'portrait' | 'landscape';
                  readonly position: number;
                  readonly process: {
                    /** @description Why the engine ended last; empty while all is well */
                    readonly error: string;
                    /** @description Destinations that are to be on air now */
                    readonly live: readonly string[];
                    readonly pid: number | null;
                    readonly restarts: number;
                    readonly since: string | null;
                    readonly startedBy: string;
                    /** @enum {string} */
                    readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
                    /**
                     * @description What it was last asked to be
                     * @enum {string}
                     */
                    readonly wanted: 'off' | 'preview' | 'on-air';
                  };
                  readonly products: number;
                  readonly still: string;
                  readonly template: string | null;
                  readonly title: string;
                  readonly updatedAt: string;
                  readonly updatedBy: string;
                  readonly version: number;
                  readonly width: number;
                };
                readonly summary: {
                  readonly level: string;
                } & {
                  readonly [key: string]: unknown;
                };
              }[];
            };
          };
        };
      };
    };
  };
  readonly '/api/wall/order': {
    readonly put: {
      readonly responses: {
        readonly 204: {
          content?: never;
        };
      };
    };
  };
  readonly '/healthz': {
    readonly get: {
      readonly responses: {
        readonly 200: {
          content: {
            readonly 'application/json': {
              readonly ok: boolean;
            };
          };
        };
      };
    };
  };
}
