import { testObscured } from './test-obscured.js';

testObscured('pixelate');
