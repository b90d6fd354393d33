# language: es
Característica: Un expediente, del primer día de retraso a estar al día
  Cada cliente se retrasa por algo distinto. La casa entiende por qué, sigue en contacto, acuerda, y cada promesa se
  mueve sola cuando llega el dinero. Con firmeza y con respeto: al cliente se le quiere conservar.

  Escenario: Puntual con un retraso: un solo recordatorio amable
    Dado una casa en Madrid con la estrategia de empresas
    Y «Librería Sol», que pagó sus últimas 8 facturas entre 0 y 0 días tarde
    Y «Librería Sol» debe 400,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-10-01 al 2026-10-28
    Entonces «Librería Sol» tiene un expediente abierto
    Y la conducta de «Librería Sol» es «casual»
    Y «Librería Sol» ha recibido un solo aviso, en tono «amable»
    Cuando el 2026-10-29 «Librería Sol» paga 400,00 €
    Y pasan los días del 2026-10-30 al 2026-10-31
    Entonces el expediente de «Librería Sol» está cerrado
    Y «Librería Sol» no ha recibido ninguna carta de agradecimiento, porque nunca se le habló con firmeza

  Escenario: Cliente que siempre paga tarde: se le propone domiciliar o adelantar
    Dado una casa en Madrid con la estrategia de empresas
    Y «Hotel Mar», que pagó sus últimas 9 facturas entre 14 y 26 días tarde
    Y «Hotel Mar» debe 2.400,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-10-01 al 2026-10-05
    Entonces la conducta de «Hotel Mar» es «chronic»
    Y la casa sabe decir por qué: «9 de 9»
    Cuando pasan los días del 2026-10-06 al 2026-10-16
    Entonces «Hotel Mar» ha recibido los avisos «friendly, arrange»
    Cuando el 2026-10-20 «Hotel Mar» paga 2.400,00 €
    Y pasan los días del 2026-10-21 al 2026-10-22
    Entonces el expediente de «Hotel Mar» está cerrado
    Y la conducta de «Hotel Mar» es «chronic»

  Escenario: Se le pasa: lo dice él, se le pone fácil, con la nueva fecha para su calendario, y paga
    Dado una casa en Madrid con la estrategia de empresas
    Y «Bar Luna», que pagó sus últimas 6 facturas entre -4 y 9 días tarde
    Y «Bar Luna» debe 300,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-10-01 al 2026-10-06
    Y el 2026-10-07 se llama a «Bar Luna», contesta y dice que fue «forgot»
    Y pasan los días del 2026-10-08 al 2026-10-08
    Entonces la conducta de «Bar Luna» es «careless»
    Cuando pasan los días del 2026-10-09 al 2026-10-13
    Entonces «Bar Luna» ha recibido los avisos «friendly, easy»
    Y el último aviso a «Bar Luna» lleva una entrada para su calendario
    Cuando el 2026-10-14 «Bar Luna» paga 300,00 €
    Y pasan los días del 2026-10-15 al 2026-10-16
    Entonces el expediente de «Bar Luna» está cerrado

  Escenario: Con incidencia: primero se resuelve, después se reclama
    Dado una casa en Madrid con la estrategia de empresas
    Y «Talleres Gómez», que pagó sus últimas 6 facturas entre 0 y 2 días tarde
    Y «Talleres Gómez» debe 1.200,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-10-01 al 2026-10-06
    Y el 2026-10-07 se llama a «Talleres Gómez», contesta y no está conforme con lo que debe
    Y pasan los días del 2026-10-08 al 2026-11-06
    Entonces la conducta de «Talleres Gómez» es «circumstantial»
    Y a «Talleres Gómez» no se le ha escrito desde el 2026-10-07
    Y alguien tiene que ver con qué no está conforme «Talleres Gómez»
    Cuando el 2026-11-09 se resuelve la incidencia de «Talleres Gómez»
    Entonces nadie tiene ya que ver con qué no está conforme «Talleres Gómez»
    Cuando el 2026-11-10 «Talleres Gómez» promete pagar 1.200,00 € el 2026-11-12
    Y el 2026-11-12 «Talleres Gómez» paga 1.200,00 €
    Y pasan los días del 2026-11-13 al 2026-11-13
    Entonces el expediente de «Talleres Gómez» está cerrado

  Escenario: Con dificultades: lo dice, y se le propone pagar a plazos en lugar de apretar
    Dado una casa en Madrid con la estrategia de empresas
    Y «Carpintería Oliva», que pagó sus últimas 6 facturas entre 0 y 3 días tarde
    Y «Carpintería Oliva» debe 900,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-10-01 al 2026-10-05
    Y el 2026-10-06 se llama a «Carpintería Oliva», contesta y dice que fue «no_liquidity»
    Y pasan los días del 2026-10-07 al 2026-11-02
    Entonces la conducta de «Carpintería Oliva» es «illiquid»
    Y «Carpintería Oliva» ha recibido los avisos «friendly, plan»
    Cuando el 2026-11-03 «Carpintería Oliva» paga 900,00 €
    Y pasan los días del 2026-11-04 al 2026-11-04
    Entonces el expediente de «Carpintería Oliva» está cerrado

  Escenario: Con dificultades: promete lo que puede, en dos veces, y cumple
    Dado una casa en Madrid con la estrategia de empresas
    Y «Reformas Vega», que pagó sus últimas 6 facturas entre 0 y 3 días tarde
    Y «Reformas Vega» debe 900,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-10-01 al 2026-10-06
    Y el 2026-10-07 se llama a «Reformas Vega», contesta y dice que fue «no_liquidity»
    Y el 2026-10-07 «Reformas Vega» promete pagar 400,00 € el 2026-10-15
    Y el 2026-10-07 «Reformas Vega» promete pagar 500,00 € el 2026-10-30
    Y pasan los días del 2026-10-08 al 2026-10-14
    Entonces la conducta de «Reformas Vega» es «illiquid»
    Y a «Reformas Vega» solo se le ha escrito sobre sus compromisos desde el 2026-10-07
    Y «Reformas Vega» recibió el recordatorio la víspera, el 2026-10-14
    Cuando el 2026-10-15 «Reformas Vega» paga 650,00 €
    Y pasan los días del 2026-10-16 al 2026-10-19
    Entonces los compromisos de «Reformas Vega» están «kept, open»
    Cuando el 2026-10-30 «Reformas Vega» paga 250,00 €
    Y pasan los días del 2026-10-31 al 2026-10-31
    Entonces los compromisos de «Reformas Vega» están «kept, kept»
    Y el expediente de «Reformas Vega» está cerrado

  Escenario: Promesa incumplida: al día siguiente sube un paso, y una paga que llega tarde no la arregla
    Dado una casa en Madrid con la estrategia de empresas
    Y «Muebles Roca», que pagó sus últimas 6 facturas entre 0 y 2 días tarde
    Y «Muebles Roca» debe 3.000,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-10-01 al 2026-10-07
    Y el 2026-10-08 «Muebles Roca» promete pagar 3.000,00 € el 2026-10-14
    Y pasan los días del 2026-10-09 al 2026-10-16
    Entonces los compromisos de «Muebles Roca» están «open»
    Y el motivo de hoy con «Muebles Roca» es «promise_open»
    Cuando pasan los días del 2026-10-17 al 2026-10-20
    Entonces los compromisos de «Muebles Roca» están «broken»
    Y quien lo lleva ha recibido el aviso de la promesa incumplida de «Muebles Roca»
    Y a «Muebles Roca» se le ha escrito el paso siguiente con las palabras del compromiso sin cumplir
    Y «Muebles Roca» es lo primero de la cola, porque incumplió un compromiso
    Cuando el 2026-10-22 «Muebles Roca» paga 3.000,00 €
    Y pasan los días del 2026-10-23 al 2026-10-23
    Entonces los compromisos de «Muebles Roca» están «broken»
    Y el expediente de «Muebles Roca» está cerrado

  Escenario: Retrasa el pago: promete y no cumple, y vuelve a estar al día
    Dado una casa en Madrid con la estrategia de empresas
    Y «Obras Norte», que pagó sus últimas 4 facturas entre 5 y 12 días tarde
    Y «Obras Norte» debe 5.000,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-10-01 al 2026-10-06
    Y el 2026-10-07 «Obras Norte» promete pagar 5.000,00 € el 2026-10-09
    Y pasan los días del 2026-10-08 al 2026-10-13
    Y el 2026-10-14 «Obras Norte» promete pagar 5.000,00 € el 2026-10-16
    Y pasan los días del 2026-10-15 al 2026-10-20
    Entonces los compromisos de «Obras Norte» están «broken, broken»
    Y la conducta de «Obras Norte» es «stalling»
    Cuando pasan los días del 2026-10-21 al 2026-11-24 y una persona aprueba lo que espera
    Entonces a «Obras Norte» se le ha hablado con firmeza
    Cuando el 2026-11-25 «Obras Norte» paga 5.000,00 €
    Y pasan los días del 2026-11-26 al 2026-11-27
    Entonces el expediente de «Obras Norte» está cerrado
    Y «Obras Norte» recibe una carta de agradecimiento

  Escenario: Retrasa el pago: plazos cortos y una fecha concreta
    Dado una casa en Madrid con la estrategia de empresas
    Y «Montajes Sur», que pagó sus últimas 6 facturas entre 31 y 70 días tarde
    Y «Montajes Sur» debe 250,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-10-01 al 2026-10-20
    Entonces la conducta de «Montajes Sur» es «stalling»
    Y «Montajes Sur» ha recibido los avisos «friendly, second, fixed_date»
    Cuando el 2026-10-21 «Montajes Sur» paga 250,00 €
    Y pasan los días del 2026-10-22 al 2026-10-22
    Entonces el expediente de «Montajes Sur» está cerrado

  Escenario: Buen pagador: se nota en el trato
    Dado una casa en Madrid con la estrategia de empresas
    Y «Papeles Río», que pagó sus últimas 10 facturas entre -4 y 0 días tarde
    Y «Papeles Río» debe 700,00 € que vencen el 2026-09-30
    Y «Librería Nueva», que es cliente nuevo
    Y «Librería Nueva» debe 700,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-09-28 al 2026-09-30
    Entonces la conducta de «Papeles Río» es «good_payer»
    Cuando pasan los días del 2026-10-01 al 2026-10-05
    Entonces «Papeles Río» no ha recibido ningún aviso, y «Librería Nueva», de la que no se sabe nada, sí
    Cuando el 2026-10-06 «Papeles Río» paga 700,00 €
    Y pasan los días del 2026-10-07 al 2026-10-07
    Entonces el expediente de «Papeles Río» está cerrado

  Escenario: Academia con alumno moroso: paga la madre, aprende el hijo
    Dado una academia en Madrid
    Y «Marta Ruiz», madre de «Leo», que es menor, con móvil y correo
    Y «Marta Ruiz» debe por «Leo» dos cuotas de 95,00 € que vencen el 2026-09-05 y el 2026-10-05
    Cuando pasan los días del 2026-10-06 al 2026-10-12
    Entonces «Marta Ruiz» tiene un expediente abierto, y solo uno
    Y todo se ha escrito a «Marta Ruiz» y nada a «Leo»
    Cuando el 2026-10-13 se llama a «Marta Ruiz» y contesta otra persona
    Entonces el guion para otra persona no nombra la deuda, ni la academia debe decir por quién llama
    Cuando el 2026-10-14 «Marta Ruiz» promete pagar 190,00 € el 2026-10-20
    Y pasan los días del 2026-10-15 al 2026-10-19
    Y el 2026-10-20 «Marta Ruiz» paga 190,00 €
    Y pasan los días del 2026-10-21 al 2026-10-21
    Entonces los compromisos de «Marta Ruiz» están «kept»
    Y el expediente de «Marta Ruiz» está cerrado
