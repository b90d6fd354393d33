# language: es
Característica: Sesenta días con dos clientes que se retrasan
  La casa avisa antes del vencimiento, recuerda, insiste y requiere, siempre por donde el cliente puede leerlo y
  cuando se le puede escribir. Lo que no llega sigue por otro canal; lo que ya no procede no sale.

  Escenario: Del aviso previo al requerimiento, con un correo que no llega, un festivo y un cobro a última hora
    Dado una casa en Madrid con la estrategia de empresas
    Y «Talleres Gómez», con correo, móvil y dirección postal, que debe 1.200,00 € que vencen el 2026-09-30
    Y «Bar Luna», con correo, que debe 300,00 € que vencen el 2026-09-30
    Cuando pasan los días del 2026-09-25 al 2026-09-30
    Entonces «Talleres Gómez» ha recibido por correo los avisos «pre_due, due_today»
    Cuando el correo de «Talleres Gómez» deja de existir
    Y pasan los días del 2026-10-01 al 2026-10-11
    Entonces el aviso «friendly» de «Talleres Gómez» falló por correo y salió por SMS
    Y su correo consta como no válido y hay una tarea para arreglarlo
    Y «Bar Luna» ha recibido por correo los avisos «pre_due, due_today, friendly»
    Cuando pasan los días del 2026-10-12 al 2026-10-12
    Entonces el aviso «second» de «Bar Luna» espera por «holiday» hasta el 2026-10-13
    Cuando pasan los días del 2026-10-13 al 2026-10-29
    Entonces «Bar Luna» ha recibido por correo los avisos «pre_due, due_today, friendly, second»
    Cuando el 2026-10-30 se hace el proceso y, antes de enviar, «Bar Luna» paga
    Entonces el aviso «firm» de «Bar Luna» se anula por «paid»
    Cuando pasan los días del 2026-10-31 al 2026-11-24 y una persona aprueba lo que espera
    Entonces el requerimiento de «Talleres Gómez» está en la bandeja de cartas con su PDF
    Y a «Bar Luna» no se le ha vuelto a escribir
    Y nadie ha recibido dos mensajes el mismo día, ni en fin de semana, ni en festivo, ni fuera de horario
    Y el expediente de «Talleres Gómez» se comprueba con su propio programa
