import { testObscured } from './test-obscured.js';

testObscured('blur');
