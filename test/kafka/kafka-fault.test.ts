import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { kafkaFault } from '../../src/kafka/kafka-fault.ts';

const protocolError = (type: string): Error =>
  Object.assign(new Error('words of the broker'), { name: 'KafkaJSProtocolError', type });

describe('kafkaFault', () => {
  it('finds the protocol error however deep the library wraps it, and quotes no broker', () => {
    const wrapped = new Error('outer', { cause: new Error('inner', { cause: protocolError('NOT_ENOUGH_REPLICAS') }) });
    const fault = kafkaFault(wrapped);
    expect(fault).to.include({ code: 'E_KAFKA_REPLICAS', retryable: true });
    expect(fault.message).to.equal('too few replicas are in sync (NOT_ENOUGH_REPLICAS)');
    expect(fault.remedy).to.be.a('string');
  });

  it('says what is wrong with TLS, which the library calls a failed connection', () => {
    const refused = Object.assign(new Error('text'), { name: 'KafkaJSConnectionError', code: 'CERT_HAS_EXPIRED' });
    const fault = kafkaFault(Object.assign(new Error('outer', { cause: refused }), { name: 'KafkaJSNumberOfRetriesExceeded' }));
    expect(fault).to.include({ code: 'E_KAFKA_TLS', retryable: true, message: 'the certificate of the server has expired' });
    expect(kafkaFault(Object.assign(refused, { code: 'ECONNREFUSED' })).code).to.equal('E_KAFKA_UNREACHABLE');
  });

  it('says what trying again cannot help', () => {
    expect(kafkaFault(protocolError('MESSAGE_TOO_LARGE'))).to.include({ code: 'E_KAFKA_TOO_LARGE', retryable: false });
    expect(kafkaFault(protocolError('TOPIC_AUTHORIZATION_FAILED'))).to.include({ code: 'E_KAFKA_DENIED', retryable: true });
  });

  it('takes what it does not know as something that may pass', () => {
    expect(kafkaFault('text')).to.include({ code: 'E_KAFKA_REQUEST', retryable: true });
    const own = new Fault('ours', { code: 'E_X' });
    expect(kafkaFault(own)).to.equal(own);
  });
});
